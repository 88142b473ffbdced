"""Letters that pass for others: which names a reader could take for one another.

Those of Unicode's confusables (UTS 39, security data 15.1, as the package confusable-homoglyphs
3.3.1 has them) that look like one Latin letter or digit, small, without their marks; and a few
with a stroke, which decomposing does not take off.
"""

PASS_FOR = {
    "2": "ƨϩᒿꙅꛯꝛ",
    "3": "ȝɜʒзӡⳍꝫ",
    "4": "Ꮞ",
    "6": "бᏮⳓ",
    "8": "ȣ৪੪",
    "9": "৭੧୨൭ⳋꝯ",
    "a": "ɑαаᎪᗅꓮ",
    "b": "ƅβвьᏏᏴᑲᖯᗷꓐꞵ",
    "c": "сᏟᴄⲥꓚ",
    "d": "đԁᎠᏧᑯᗞᗪꓒꓓ",
    "e": "εеҽᎬⴹꓰꬲ",
    "f": "ϝքᖴẝꓝꞙꬵ",
    "g": "ƍɡԍցᏀᏳᶃꓖ",
    "h": "ħηнһհᎻᏂᕼⲏꓧ",
    "i": "1l|ıłǀɩɪιіӏ۱ᎥᏞᒪᛁ∣│ⲓⳑⵏꓡꓲꙇ",
    "j": "ʝϳјᎫᒍꓙ",
    "k": "κкᏦᛕⲕꓗ",
    "m": "μϻмᎷᗰᛖⲙꓟ",
    "n": "ոռⲛꓠ",
    "o": "0øοσоօ۵०০੦૦ଠ୦௦౦೦ഠ൦๐໐ဝ၀ჿዐᴏᴑⲟⵔ〇ꓳꬽ",
    "p": "ρрᏢᑭⲣꓑ",
    "q": "ԛգզⵕ",
    "r": "ʀгᎡᎱᏒᖇᴦⲅꓣꭇꭈ",
    "s": "ƽѕտᏕᏚꓢꜱ",
    "t": "τтᎢⲧꓔ",
    "u": "ʋυսሀᑌᴜꓴꞟꭎꭒ",
    "v": "νѵ۷Ꮩᐯᴠⴸꓦꛟ",
    "w": "ɯѡԝաᎳᏔᴡꓪ",
    "x": "χхᕁᕽᚷⲭⵝꓫꭓ",
    "y": "ɣʏγуүყᎩᎽᶌỿⲩꓬꭚ",
    "z": "ζᏃᴢꓜ",
}
# Capitals that pass for another letter than their small form does.
CAPITALS = {"L": "Լ", "N": "Ν", "Y": "Υ"}
# Two letters written as one.
TOGETHER = dict(
    pair.split("=") for pair in ["aa=ꜳ", "ae=æ", "ao=ꜵ", "au=ꜷ", "av=ꜹ", "ay=ꜽ", "oe=œ", "oo=ꝏ"]
)
AS_CAPITAL = str.maketrans({one: to for to, others in CAPITALS.items() for one in others})
LATIN = str.maketrans({one: to for to, others in (PASS_FOR | TOGETHER).items() for one in others})
