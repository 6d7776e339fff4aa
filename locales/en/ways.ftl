## By which ways people can report, for everybody

channels-kind-portal = Reporting page
channels-kind-email = Mail
channels-kind-hotline = Telephone hotline
channels-kind-chat = Chat
channels-kind-webform = Form on another site
channels-kind-api = Interface for programs
channels-kind-third-party = Third party
channels-kind-in-person = In person
channels-public-question = How can you report to { $party }?
channels-public-answer = { $count ->
    [0] No way is open at present.
    [one] There is one way. Use it for failures, incidents, concerns and complaints.
   *[other] There are { $count } ways. Choose the one that suits you; all lead to the same people.
}
channels-public-for-both = Everybody
channels-public-for-external = Customers and others
channels-public-for-internal = People who work here
channels-public-none = No channel is open for you here
channels-public-none-text = Use the reporting page below; it is always there.
channels-public-address = Where
channels-public-hours = Open
channels-public-languages = Languages
channels-public-your-name = Your name
channels-public-anonymous = You need not give it.
channels-public-named = This way shows who you are.
channels-public-report = Report here
channels-public-text = The same as plain text
channels-public-text-hint = To copy into an agreement, a handbook or an intranet page. It is made from the register, so copy it anew when a channel changes.
channels-public-text-file = Open as text
channels-text-opening = You can report failures, incidents, concerns and complaints to { $party } by any of these ways:
channels-text-closing = Every report receives a tracking number and an answer. Nobody who reports in good faith suffers for it.
