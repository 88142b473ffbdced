"""A week in which everything happens that a rule of sight can be wrong about."""

from tests.reflections.world import World


def a_week(world: World) -> None:
    """Raises Differs as soon as somebody sees what they should not, or misses what they should."""
    amina, bo, callum, dee, ewa = world.people
    rowan, hazel = world.cohorts  # Amina, Bo, Callum, Dee; and Bo, Ewa

    private = world.keep(amina, None, "For me.", "me", rowan, [])
    world.check(private)
    to_one = world.keep(callum, None, "For Dee.", "people", rowan, [dee])
    world.check(to_one)
    to_all = world.keep(dee, None, "For all of us.", "cohort", rowan, [])
    world.keep(bo, None, "For the others.", "cohort", hazel, [])
    world.check(to_all)
    first = world.respond(bo, to_all, "How did that feel?")
    world.respond(callum, to_all, "Thank you.")
    world.check(to_all)

    world.join(ewa, rowan)
    world.check(to_all)
    world.keep(dee, to_all, "For all of us, better said.", "cohort", rowan, [])
    world.check(to_all)
    world.keep(dee, to_all, "And for Ewa.", "cohort", rowan, [amina, bo, callum, ewa])
    world.check(to_all)
    world.keep(dee, to_all, "Not for Amina.", "people", rowan, [bo, callum, ewa])
    world.check(to_all)

    world.respond(ewa, to_all, "I was glad to be let in.")
    world.take_back(bo, first)
    world.check(to_all)
    world.leave(callum, rowan)
    world.check(to_all)
    world.check(to_one)
    world.join(callum, rowan)
    world.check(to_all)
    world.check(to_one)
    world.leave(dee, rowan)
    world.check_everything()
    world.join(dee, rowan)
    world.check_everything()

    moved = world.keep(bo, None, "First here, then there.", "cohort", rowan, [])
    world.respond(amina, moved, "Between us here.")
    world.keep(bo, moved, "First here, then there.", "cohort", hazel, [])
    world.check(moved)
    world.keep(bo, moved, "In no cohort.", "me", None, [])
    world.check(moved)

    again = world.keep(dee, None, "I am back.", "cohort", rowan, [])
    world.respond(ewa, again, "Welcome.")
    world.check(again)
    world.keep(dee, again, "I am back, for me.", "me", rowan, [])
    world.check(again)
    world.keep(dee, again, "For all after all.", "cohort", rowan, [])
    world.delete(dee, again)
    world.delete(amina, private)
    world.check_everything()
