"""The one page that a stranger sees: it asks for the token.

The address that `fastness serve` prints carries the token behind a `#`. A browser never sends that part to anybody, so
it stands in no log and in no referrer; the page puts it into the form's body and takes it out of the address.
"""

import base64
import hashlib
from typing import Final

_SCRIPT: Final = """
const found = new URLSearchParams(location.hash.slice(1)).get("token");
if (found) {
  history.replaceState(null, "", location.pathname);
  document.querySelector("input").value = found;
  document.querySelector("form").submit();
}
"""
_STYLE: Final = """
:root { color-scheme: light dark; --paper: #fcfbf8; --ink: #1d2024; --rule: #ddd7ca; --accent: #1f669f; }
@media (prefers-color-scheme: dark) { :root { --paper: #15181c; --ink: #ece8df; --rule: #353b43; --accent: #7db8e8; } }
body { margin: 0; min-height: 90vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
main { width: min(30em, 88vw); }
h1 { font: 600 24px/1.25 Charter, Cambria, Georgia, serif; }
form { display: flex; gap: 8px; }
input, button { font: inherit; padding: 6px 10px; border: 1px solid var(--rule); border-radius: 4px; min-width: 0; }
input { flex: 1; }
button { background: var(--accent); color: var(--paper); border-color: var(--accent); }
"""
_DIGEST: Final = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
FORM_POLICY: Final = (
    f"default-src 'none'; script-src 'sha256-{_DIGEST}'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def form(*, wrong: bool) -> str:
    """Return the page; `wrong` says that the last token was not the right one."""
    note = '<p role="alert">That was not the token of this server.</p>' if wrong else ""
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fastness: token</title>
<link rel="icon" href="data:,">
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>fastness workbench</h1>
<p>This server is open to the network, so it asks for the token that it printed when it was started.</p>
{note}
<form method="post" action="/login">
<input name="token" type="password" aria-label="Token" autocomplete="off" autofocus required>
<button>Open</button>
</form>
</main>
<script>{_SCRIPT}</script>
</body>
</html>
"""
