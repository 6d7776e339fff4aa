## Signing in

identity-sign-in-title = Who are you?
identity-sign-in-answer = Sign in with the address to which your invitation was sent.
identity-email = E-mail address
identity-password = Password
identity-code = Code of your second factor
identity-code-hint = Only if you have set one up: six digits from your authenticator, or a recovery code.
identity-wrong = Address, password or code do not match. Check all three and try again; if you have forgotten the password, ask an administrator of your organisation for a link to set a new one.
identity-demonstration = People of the demonstration
identity-enter-as = Enter as { $name }

## Invitations

identity-invitation-title = Will you act for { $party }?
identity-password-link-title = Which password will you use for { $party }?
identity-invitation-answer = This link is for { $email }, as: { $roles }.
identity-sign-in-first = An account with the address { $email } exists. Sign in with it, and this page comes back.
identity-accept = Accept
identity-name = Name
identity-name-kept = Leave this empty to keep the name that is recorded.
identity-new-password = New password
identity-password-hint = At least 12 characters. Several words in a row are easy to keep in mind.
identity-password-again = New password again
identity-not-the-same = New password again: the two are not the same.

## One's own account

identity-account-title = How is your account protected?
identity-account-answer = { $count ->
    [one] You are signed in with 1 browser.
   *[other] You are signed in with { $count } browsers.
}
identity-change = Change
identity-never = Never
identity-save = Save
identity-saved = Saved.
identity-password-set = Password set
identity-second-factor = Second factor
identity-factor-on = With a second factor
identity-factor-off = No second factor
identity-recovery-left = { $count ->
    [0] no recovery code left
    [one] 1 recovery code left
   *[other] { $count } recovery codes left
}
identity-last-sign-in = Last sign-in
identity-tokens = Tokens for programs
identity-tokens-link = Tokens
identity-sessions = Browsers that are signed in
identity-session-began = Signed in
identity-session-seen = Last used
identity-session-this = This browser
identity-session-end = End
identity-session-ended = That session has ended.
identity-parties = For whom you act
identity-party = Organisation
identity-act-for = Act for it
identity-name-title = What is your name?
identity-password-title = What is your new password?
identity-password-answer = Every other browser in which you are signed in is signed out.
identity-password-changed = Your password was changed. Every other browser was signed out.
identity-current-password = Present password
identity-not-current = Present password: this is not your present password.

## Second factor

identity-factor-title = Is your account protected by a second factor?
identity-factor-none-answer = No. With one, a stolen password alone opens nothing.
identity-factor-start = Set one up
identity-factor-pending-answer = Not yet. Read the picture with an authenticator and type the code that it shows.
identity-factor-qr = The secret for your authenticator
identity-factor-type = Or type this secret into it: { $secret }
identity-factor-confirm = Confirm
identity-factor-confirm-hint = The six digits that your authenticator shows now.
identity-factor-on-answer = { $count ->
    [0] Yes. No recovery code is left: make new ones.
    [one] Yes. 1 recovery code is left.
   *[other] Yes. { $count } recovery codes are left.
}
identity-factor-what = What do you want to do?
identity-factor-new-codes = Make new recovery codes; the earlier ones no longer work
identity-factor-remove = Remove the second factor
identity-factor-do = Do it
identity-factor-removed = Your second factor was removed.
identity-shown-once = This is shown once
identity-recovery-title = Where will you keep your recovery codes?
identity-recovery-answer = { $count ->
    [one] 1 code opens your account once if you lose your authenticator.
   *[other] { $count } codes each open your account once if you lose your authenticator.
}
identity-recovery-keep = Print them or keep them in a password manager, apart from your authenticator.
identity-recovery-kept = I have kept them

## Tokens

identity-tokens-title = Which programs act as you?
identity-tokens-answer = { $count ->
    [0] None.
    [one] 1 token works.
   *[other] { $count } tokens work.
}
identity-token-name = What it is for
identity-token-name-hint = So that you know later what stops when you revoke it.
identity-scopes = What it may do
identity-scopes-hint = It never may do more than you.
identity-works-for = How long it works
identity-days = { $count } days
identity-token-new = A new token
identity-token-make = Make a token
identity-token-keep = Copy the token now:
identity-expires = Works until
identity-used = Last used
identity-state = State
identity-token-works = Works
identity-token-revoked = Revoked
identity-token-ran-out = Ran out
identity-token-revoked-done = The token was revoked and no longer works.
identity-revoke = Revoke
identity-tokens-none = No token yet
identity-tokens-none-next = Make one below for the first program that reads or writes here as you.

## People

identity-people = People
identity-people-title = Who acts for us?
identity-people-answer = { $count ->
    [one] 1 person, { $factors } with a second factor.
   *[other] { $count } people, { $factors } of them with a second factor.
}
identity-people-none = Nobody yet
identity-people-none-next = Invite the first person.
identity-roles = Roles
identity-since = Since
identity-deactivated = Deactivated
identity-no-password = Has not come in yet
identity-invite = Invite somebody
identity-invite-title = Who shall act for us?
identity-invite-answer = They get a link that works once, for seven days.
identity-invitations = Open invitations
identity-invitation-open = Waits to be accepted
identity-invitation-ran-out = Ran out
identity-withdraw = Withdraw
identity-withdrawn = The invitation was withdrawn; its link no longer works.
identity-link-title = How does the link reach them?
identity-link-answer = You pass it on. It works once, until { $until }.
identity-link-give = Give { $email } this link:
identity-person-title = What is { $name } trusted with?
identity-person-answer = { $roles }.
identity-roles-changed = What { $name } is trusted with was changed.
identity-reactivate = Reactivate
identity-deactivate = Deactivate
identity-deactivated-done = { $name } was deactivated: their sessions ended and their tokens no longer work.
identity-link-mailed = The link goes to { $email } by mail. If it does not arrive, see Settings.
identity-mail-invitation-subject = { $party } invites you to Tickmark
identity-mail-invitation-text =
    { $party } asks you to work with them in Tickmark.

    Open this link to accept. It works once, until { $until }:

    { $link }

    If you did not expect this, do nothing. Do not pass the link on.
identity-mail-password-subject = Your new password for { $party }
identity-mail-password-text =
    An administrator of { $party } made this link for you to choose a new password.

    It works once, until { $until }:

    { $link }

    If you did not ask for it, tell your administrator. Do not pass the link on.
identity-password-link = Make a link to set a new password

## Roles

identity-role-administrator = Administrator
identity-role-administrator-hint = Invites people and sets up the organisation; sees no case narrative by this role alone.
identity-role-executive-sponsor = Executive sponsor
identity-role-executive-sponsor-hint = Answers for the system and signs management's assertion and representations.
identity-role-compliance-lead = Compliance lead
identity-role-compliance-lead-hint = Runs the engagement on the organisation's side.
identity-role-control-owner = Control owner
identity-role-control-owner-hint = Answers for the operation of controls.
identity-role-evidence-provider = Evidence provider
identity-role-evidence-provider-hint = Supplies what is asked for.
identity-role-case-handler = Case handler
identity-role-case-handler-hint = Receives, triages and works on cases.
identity-role-counsel = Counsel
identity-role-counsel-hint = Legal: duties to notify, privileged notes, speak-up cases.
identity-role-distribution-administrator = Distribution administrator
identity-role-distribution-administrator-hint = Grants and revokes access to the issued report.
identity-role-viewer = Viewer
identity-role-viewer-hint = Reads what the organisation shares inside.
identity-role-partner = Partner
identity-role-partner-hint = Answers for the examination and signs the opinion.
identity-role-quality-reviewer = Engagement quality reviewer
identity-role-quality-reviewer-hint = Reviews the engagement's quality before the report is dated.
identity-role-manager = Manager
identity-role-manager-hint = Plans and reviews the work.
identity-role-senior = Senior
identity-role-senior-hint = Leads fieldwork.
identity-role-staff = Staff
identity-role-staff-hint = Performs tests.
identity-role-specialist = Specialist
identity-role-specialist-hint = Performs tests that need special skill.
identity-role-firm-administrator = Firm administrator
identity-role-firm-administrator-hint = Invites people of the firm; sees no workpaper by this role alone.
identity-role-peer-reviewer = Peer reviewer
identity-role-peer-reviewer-hint = Reads workpapers for a limited time.
identity-report-link = Report a failure, an incident, a concern or a complaint. No account is needed.
told-cut = { $count ->
    [one] One earlier entry is not shown here.
   *[other] { $count } earlier entries are not shown here.
}
told-erased = recorded something whose content was erased since.
told-by-the-product = The product
told-by-the-public = The reporter

## A role whose time does not run

access-ended-title = Your access has ended
access-ended = Your access ended on { $on }. Nothing is open to you any more.
access-begins-title = Your access has not begun
access-begins = Your access begins on { $on }. Nothing is open to you before that day.
access-never-title = Nothing is open to you yet
access-never = You have not been let into anything yet.
access-ask = If you need it, ask { $who }.
access-ask-anybody = If you need it, ask a partner of the firm.
