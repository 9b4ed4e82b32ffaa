"""What betrays a secret besides its value: the name it stands under, and how it looks.

| where | what counts |
|---|---|
| members, headers, form fields | names such as `authorization`, `x-api-key`, `webhook_secret`, `set-cookie` |
| queries and fragments | those, and the parameters of signed URLs: `X-Amz-Signature`, `sig`, `se`, `sp`, … |
| any text | `Bearer …`, `sk-…`, JSON Web Tokens, private keys, `api_key=…`, user and password in a URL |

A token is what no word is: 8 characters with a digit among them, or 16 of any kind.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote_plus

from harness.cassette.forms import PLACEHOLDER

__all__ = ["is_query_name", "is_secret_name", "normal", "without_looks"]

_NAME_WORDS = """
auth authorization authtoken apikey apitoken accesskey accesskeyid accesstoken bearer clientsecret cookie
credential credentials csrf idtoken jwt passphrase passwd password pat privatekey proxyauthorization pwd
refreshtoken secret secretkey securitytoken session sessionid sessionkey sessiontoken setcookie signature
signingkey token xapikey
"""
_ENDING_WORDS = """
accesskey accesskeyid apikey authkey authorization cookie credential credentials password privatekey secret
secretkey signature signingkey token
"""
# Of signed URLs: AWS and its likes, Google, Azure (two letters), Tencent, Alibaba, Akamai, CloudFront.
_QUERY_WORDS = """
awsaccesskeyid googleaccessid hdnea hdnts hmac key keypairid ossaccesskeyid policy qak qsignature
se sig sign sip skoid sktid skt ske sks skv sp spr sr srt ss st sv
"""
_NAMES = frozenset(_NAME_WORDS.split())
_ENDINGS = tuple(_ENDING_WORDS.split())
_QUERY_NAMES = frozenset(_QUERY_WORDS.split())

_TOKEN = r"(?:[A-Za-z0-9._~+/=-]{16,}|(?=[A-Za-z._~+/=-]*[0-9])[A-Za-z0-9._~+/=-]{8,})"  # noqa: S105
_HIDDEN = rf"(?:[A-Za-z0-9_-]*[*…]{{2,}}[A-Za-z0-9_*…-]*|{_TOKEN})"  # or shown in part by the provider
_KEY_WORD = (
    r"(?:api[ _-]?key|access[ _-]?(?:key|token)|auth[ _-]?token|client[ _-]?secret|secret(?:[ _-]?key)?"
    r"|signature|password|passwd|token)"
)
_LOOKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?i)\b(bearer|basic|digest|negotiate)((?:\s|\+|%20)+){_TOKEN}"), rf"\1\2{PLACEHOLDER}"),
    (re.compile(r"\b(?:sk|pk|rk|ak|gsk|fal|r8|hf|xai|ghp|gho|ghs|ghu)[-_][A-Za-z0-9_-]{16,}"), ""),
    (re.compile(r"\b(?:github_pat|glpat|xox[abeoprs])[-_][A-Za-z0-9_-]{10,}"), ""),
    (re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{30,}|\bya29\.[0-9A-Za-z_-]{10,}"), ""),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){2,4}"), ""),
    (re.compile(r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"), ""),
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{1,20}:(?:\\?/){2})[^\s/?#@\"'<>\\]+@"), rf"\1{PLACEHOLDER}@"),
    # The words around a key in an error message, and a name with its value in whatever notation.
    (re.compile(rf"(?i)({_KEY_WORD}[ \w]{{0,20}}?[\s:=]+[\"'`(\[\\]*){_HIDDEN}"), rf"\1{PLACEHOLDER}"),
)
_PAIR = re.compile(
    r"(?P<before>^|[?&;#\s\"']|&amp;|\\u0026|%3[fF]|%26|%23)"
    r"(?P<name>[A-Za-z0-9_.~\[\]-]{1,60}|(?:[A-Za-z0-9_.~-]|%[0-9A-Fa-f]{2}){1,90}?)"
    r"(?P<equals>(?:=|%3[dD])[\"'\\]*)"
    r"(?P<value>(?:(?!%26|%23|&amp;|\\u0026)[^&;#\s\"'<>\\])+)"
)
_MEMBER = re.compile(r"(?P<before>')(?P<name>[\w .-]{1,60})(?P<equals>'\s*:\s*')(?P<value>[^'\n]+)")
_LINE = re.compile(
    r"(?m)(?P<before>^[ \t]*)(?P<name>[A-Za-z][\w-]{2,60})"
    r"(?P<equals>:[ \t]+(?:(?i:bearer|basic) +)?)(?P<value>\S+)"
)


def normal(name: str) -> str:
    """A name in the one spelling that all its spellings share: `X-Api_Key` -> `xapikey`."""
    return re.sub(r"[^a-z0-9]", "", unquote_plus(name).lower())


def is_secret_name(name: str, more: Collection[str] = ()) -> bool:
    """Whether what stands under a name is secret. `more` are further names, normalised."""
    spelling = normal(name)
    return spelling in _NAMES or spelling.endswith(_ENDINGS) or spelling in more


def is_query_name(name: str, more: Collection[str] = ()) -> bool:
    """Whether a parameter of a query is secret."""
    return normal(name) in _QUERY_NAMES or is_secret_name(name, more)


def without_looks(text: str, more: Collection[str] = ()) -> str:
    """A text with the placeholder where something looks like a secret, or is named like one in a query."""

    def cleaned(found: re.Match[str]) -> str:
        judge = is_query_name if found.re is _PAIR else is_secret_name
        if not judge(found["name"], more):
            # An address inside an address has parameters of its own.
            return found[0][: found.start("value") - found.start()] + _PAIR.sub(cleaned, found["value"])
        return f"{found['before']}{found['name']}{found['equals']}{PLACEHOLDER}"

    for pattern in (_PAIR, _MEMBER, _LINE):
        text = pattern.sub(cleaned, text)
    for pattern, replacement in _LOOKS:
        text = pattern.sub(replacement or PLACEHOLDER, text)
    return text
