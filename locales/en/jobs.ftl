nav-settings = Settings
jobs-question = What could not be sent?
jobs-answer = { $dead ->
    [0] Nothing has failed.
    [one] One thing failed and waits for you.
   *[other] { $dead } things failed and wait for you.
} { $waiting ->
    [0] Nothing waits for its time.
    [one] One waits for its time.
   *[other] { $waiting } wait for their time.
}
jobs-queue = Jobs
jobs-state-dead = Failed
jobs-state-waiting = Waiting
jobs-state-leased = Under way
jobs-state-done = Done
jobs-state-cancelled = Cancelled
jobs-none-dead = Nothing has failed.
jobs-none-waiting = Nothing waits.
jobs-none-leased = Nothing is under way.
jobs-none-done = Nothing was done in the last 90 days.
jobs-none-cancelled = Nothing was cancelled in the last 90 days.
jobs-none-next = Mail and webhooks appear here once something is to be sent.
jobs-about = What
jobs-kind = Kind
jobs-made = Planned
jobs-attempts = Attempts
jobs-next = Next attempt
jobs-error = Why it failed last
jobs-kind-mail = Mail
jobs-kind-webhook = Webhook
jobs-until = Being done; taken over after { $at } if silent
jobs-ended = Ended { $at }
jobs-retry = Try again
jobs-cancel = Cancel
jobs-retried = It is tried again now.
jobs-cancelled = It is no longer sent. What was already under way may still arrive.
jobs-no-mail-server = No mail server is configured
jobs-no-mail-server-text = Mail waits here and is sent once there is one. Whoever runs this deployment names it under [mail] in the configuration file. Until then links are shown to be passed on.
jobs-webhooks = Webhooks
jobs-webhooks-question = Who is told when something happens here?
jobs-webhooks-answer = { $count ->
    [0] Nobody yet.
    [one] One address.
   *[other] { $count } addresses.
}
jobs-webhooks-none = No address is told.
jobs-webhooks-none-next = Add the address of a program of yours. Its messages are signed.
jobs-webhook-add = Add an address
jobs-webhook-url = Address
jobs-webhook-url-hint = It begins with https:// and leads to a machine of the public internet.
jobs-webhook-since = Since
jobs-webhook-state = State
jobs-webhook-in-use = In use
jobs-webhook-disabled = Not in use
jobs-webhook-enable = Use again
jobs-webhook-remove = Remove
jobs-webhook-enabled = The address is told again.
jobs-webhook-removed = The address is no longer told.
jobs-webhook-secret = The secret is shown this once
jobs-webhook-secret-text = The receiver checks signatures with it:
