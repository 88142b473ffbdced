"""Which tests run on PostgreSQL too: most that need a database, of those with many cases the first.

The cases of one test differ in what is sent: what is refused before the database is asked, or the
same statements with other values, which SQLite has tried then. Where each case is another route,
another table or another statement, all of them run on both. Random orders against a model, and
its seeded mistakes, run on SQLite: each step of theirs has a test of its own on both. The sample,
which each of its tests lays out anew, is looked at on SQLite, and by the first of them on both.

`SQLITE_ALONE` names what is asked of everything but the database: headers, cookies, documents,
words, what a letter or a push looks like, limits that are counted in the process, what is refused
before a statement is sent. No lock, constraint, order or moment of the database's is in it, and
whatever statements it sends are sent by another test on both.
"""

import re
from collections import Counter

import pytest

FIRST = 2  # cases of a test, or tests of the sample
MODELS = re.compile(r"/test_(colluding|model|two_devices)\.py$")
# Controls: a rule of ours is broken on purpose, and the test has to see it, wherever it is stored.
CONTROLS = (
    r"contract/test_closing\.py::test_counting_who_belongs_now_would_be_seen",
    r"feedback/test_\w+_is_not_told\w*\.py::test_(a_rule_that_told_would|the_control)_",
    r"guards/test_deleted_is_gone\.py::test_\w+_would_be_seen",
    r"pulse/test_pulse\.py::test_without_that_rule_",
    r"reflections/test_facilitators\.py::test_a_facilitator_who_saw_more_",
)
SAMPLE = re.compile(r"/demo/test_sample\.py$")
SQLITE_ALONE = (
    # whole files: what goes over the wire, the limits by address, the log, the API's document
    r"core/test_(compression|docs|limits)\.py",
    r"core/test_logs\.py::test_(a|an|who)_",
    r"guards/test_(names|openapi)\.py",
    r"notices/test_lengths\.py",
    r"help/test_help\.py",
    r"sign_in/test_(cookies|demo_way_in)\.py",
    # who may read the counts, not what is counted
    r"deliveries/test_metrics\.py::test_(from_elsewhere|it_names|neither|other|without)_",
    # the body's size, kind and fields, and the precondition
    r"guards/test_bad_bodies\.py::test_(a_body_of|a_field_that|hostile_preconditions|too_much)_",
    r"guards/test_lengths_first\.py::test_(an_address|everything|no_write_route|what_is_wrong)_",
    # the declared routes, and what other sites are refused
    r"guards/test_matrix\.py::test_(a_facilitators|a_missing|every_route|no_site)_",
    r"guards/test_routes\.py::test_(a_door|a_wrong|debug|every_call|no_other|no_write|nothing|what_is)_",
    # what a command says of what was typed; who is let into the sample
    r"test_cli\.py::test_(a_name_that|a_wrong|an_address|keys_of|no_sample|nobody_real|who_joined)_",
    # bodies, addresses and preconditions that cannot be meant, whatever they are sent to
    r"::test_\w*cannot_be_meant_",
    r"devices/test_devices\.py::test_(a_wrong_endpoint|wrong_keys)_",
    r"reflections/test_put_table\.py::test_(a_version_that_is_none|both_preconditions)_",
    r"sync/test_known\.py::test_an_address_that_is_not_offered_",
    r"sync/test_sync\.py::test_too_long_a_question_",
    # what the door says of an address, a code as it is typed, and how long our own process takes
    r"sign_in/test_codes\.py::test_(a_code_is_taken|a_letter|a_refused|an_address)_",
    r"sign_in/test_enumeration\.py::test_(a_way|the_time)_",
    # fields of a person and of a cohort that are refused
    r"people/test_me\.py::test_(a_zone|too_much|what_is_not)_",
    r"cohorts/test_convening\.py::test_(a_browser|what_cannot)_",
    # what a mail and its page look like
    r"notices/test_mails\.py::test_(a_link|looking|one_click_counts)_",
    r"devices/test_trials\.py::test_every_answer_has_words",
)
ON_SQLITE = re.compile("|".join((*CONTROLS, *SQLITE_ALONE)))
EACH_CASE = re.compile(
    r"/tests/(guards|sync)/|/test_(certainty|erased|filters|full_disk|gathering|handing_out|"
    r"hourly_limits|id_arrays|kills|list_unchanged|lists|migrations|notices|prepared|put_table|races|"
    r"sight_model)\.py$"
)


def runs(item: pytest.Item, seen: Counter[str]) -> bool:
    """`seen`: how many were taken for PostgreSQL so far, by what they are counted for."""
    cases = dict(getattr(getattr(item, "callspec", None), "params", {}))
    file = item.path.as_posix()
    if cases.pop("database_url", None) != "postgresql":
        return True
    if MODELS.search(file) or ON_SQLITE.search(item.nodeid):
        return False
    is_of_sample = SAMPLE.search(file)
    if not (cases or is_of_sample) or EACH_CASE.search(file):
        return True
    name = file if is_of_sample else item.nodeid.partition("[")[0]
    seen[name] += 1
    return seen[name] <= FIRST
