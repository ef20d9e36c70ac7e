"""The staff's pages: front desk, operators, administrators.

A page in five lines. In `bot/web/staff/<area>.py`:

    async def queue(request: web.Request) -> web.Response:
        await note(request, "queue.view")                       # gate.note: audit log, identifiers only
        waiting = await asyncio.to_thread(my_store.waiting)     # database work never on the event loop
        return layout.page(request, "queue.html", waiting=waiting)

    AREA = Area(
        routes=(
            StaffRoute("GET", "/staff/queue", queue, DESK),
            StaffRoute("POST", "/api/v1/staff/queue/{id}/take", take, DESK),
        ),
        actions={"queue.view": "順番待ちを見た"},
    )

and add `queue.AREA` to `routes.AREAS`. The navigation entry (layout.ENTRIES) appears as soon as the path is registered.

Python
- `area`: `StaffRoute(method, path, handler, roles)`, `Area(routes, actions)`, roles DESK (everybody with an account),
  OPERATE (運用, 管理者), MANAGE (管理者).
- `gate`: `member(request)` → bot.staff.accounts.Account (id, name, display_name, role); `await note(request, action,
  kind, what)` writes the audit log before a record is shown or changed; `action` must be in an area's `actions`.
- `layout`: `page(request, template, status=200, **values)`; templates in templates/staff/, extending "staff/base.html"
  (blocks title, head, main). Raise `web.HTTPNotFound` or `ApiError(400|404|409, code=…, message="…")`: pages answer
  with a page, paths below /api/ with the contract's error object.
- `bot.web.keys`: `STAFF` → StaffRegister; its `.engine` is the log database for tables of your own. Put those into
  bot/staff/ (models on `bot.staff.models.Base`, a migration with `down_revision = "0001"` and its own name as
  `revision`: parts hang side by side, `upgrade` goes to all heads). The register's classes (accounts, audit) show how.
- Every change is a POST of JSON to /api/v1/staff/…: `payload.read_json` and the header rules of bot.web.security
  keep other sites out; no forms, no tokens. Never put a resident's words, names or numbers into a path, a query, the
  audit log or a log line.

Browser (static/, plain ES modules, no inline script or style, no innerHTML)
- `staff-api.js`: `await get(path, {signal, background, retry})`, `await post(path, body, {…})` → the answer's JSON, or
  throws `Trouble` (status, code, message in Japanese to show). A session that ran out shows a banner and the call
  waits and is repeated after signing in. Without a connection a banner shows; with `retry: true` (GET's default) the
  call waits for the connection and is repeated, else it throws Trouble(0).
  `background: true` for polling: it does not keep a desk that was left alone signed in.
- `staff-keys.js`: `shortcut("g q", "順番待ちへ", run)`, `shortcut("Alt+1", "…", run)`; `?` lists them.
- `staff-dom.js`: `el`, `fill`, `button` (of dom.js), `$(selector, root)`, `say(text)` (screen readers read it out),
  `showTrouble(element, error)`.
- `staff-draft.js`: `draft("triage")` → `.load()`, `.save(value)`, `.drop()`: in this tab, for this account only.
- `staff.css`: the look; classes are listed at its top.

Tests: tests/bot/web/staff/conftest.py has `desk` (app, accounts of each role, `desk.client(role)`) and
`staff_page(role)` (chromium, signed in). tests/bot/web/staff/test_role_walk.py finds your routes by itself.
"""
