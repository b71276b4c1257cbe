"""Letters that were delivered to the dashboard's own mailbox, as a mail program would show them."""

import base64

from sqlmodel import Session

from monitor.notify.mailbox import NAME
from monitor.notify.rendering import Links, message_of
from monitor.store import repo

MOST = 500


def letter_page(session: Session, key: str, public_url: str) -> str | None:
    """One letter as the HTML of its mail, its picture inside; `None` where no letter in the mailbox has this key.

    Without its mute link: whoever may look at the pages may not therefore mute rules.
    """
    letters = repo.deliveries(session, state="sent", channel=NAME, limit=MOST)
    found = next((letter.alert for letter in letters if letter.alert.key == key), None)
    if found is None:
        return None
    message = message_of(found, Links(public_url=public_url))
    picture = base64.b64encode(message.png).decode() if message.png else ""
    return message.html.replace("cid:chart", f"data:image/png;base64,{picture}")
