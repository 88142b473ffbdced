"""Everything the sample people kept and answered, one file for each person."""

from backend.demo.shapes import Asked, Kept, Offered, Proposed, Responded, SampleCheckIn
from backend.demo.words import (
    amina_first,
    amina_later,
    answers_to_all,
    answers_to_two,
    between_two,
    callum_first,
    callum_later,
    denise,
    ewa,
    gareth,
    hamid,
    jackie,
    kwame,
    len_cartwright,
    morag,
    our_contract,
    priya,
    rhona,
    ruaridh,
    siobhan,
)

__all__ = ["ASKED", "CHECK_INS", "OFFERED", "PROPOSED", "RESPONDED", "TIMELINES"]

ASKED: tuple[Asked, ...] = between_two.ASKED
OFFERED: tuple[Offered, ...] = between_two.OFFERED
PROPOSED: tuple[Proposed, ...] = our_contract.PROPOSED
CHECK_INS: tuple[SampleCheckIn, ...] = our_contract.CHECK_INS
RESPONDED: tuple[Responded, ...] = answers_to_two.RESPONDED + answers_to_all.RESPONDED

TIMELINES: dict[str, tuple[Kept, ...]] = {
    "amina": amina_first.KEPT + amina_later.KEPT,
    "callum": callum_first.KEPT + callum_later.KEPT,
    "denise": denise.KEPT,
    "ewa": ewa.KEPT,
    "gareth": gareth.KEPT,
    "hamid": hamid.KEPT,
    "jackie": jackie.KEPT,
    "kwame": kwame.KEPT,
    "len": len_cartwright.KEPT,
    "morag": morag.KEPT,
    "priya": priya.KEPT,
    "rhona": rhona.KEPT,
    "ruaridh": ruaridh.KEPT,
    "siobhan": siobhan.KEPT,
}
