"""Live conversations on the resident's side: waiting for a person, and being answered by one.

`resident` hooks into the chat and answers POST /api/v1/listen; `bell` wakes whoever waits for news; `words` is what is
said about it. The clerk's side is bot.web.staff.queue, the state bot.staff.live.
"""
