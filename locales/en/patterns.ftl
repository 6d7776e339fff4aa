## What the history says

patterns-question = What does the history tell us that a single case does not?
patterns-answer = { $waiting ->
    [0] No pair of cases waits for a decision
    [one] One pair of cases waits for a decision
   *[other] { $waiting } pairs of cases wait for a decision
}; { $flagged ->
    [0] no sign calls for attention.
    [one] one sign calls for attention.
   *[other] { $flagged } signs call for attention.
}
patterns-looked-at = { $count ->
    [0] There is no case to look at.
    [one] One case was looked at.
   *[other] { $count } cases were looked at.
}
patterns-cut = Older cases were left out; the command “tickmark cases patterns” looks at all of them.
patterns-days = { $days } days

## Recurrence

patterns-recurrence = Did it come again after it was mended?
patterns-recurrence-definition = Two cases are the same matter only where a person has confirmed it. A case counts as mended from the day on which its corrective action was effective; where none is recorded, from its resolution. It came again when another case of the same group was reported after that. A case counts in “within so many days” only if it has been watched for so long.
patterns-mended = Mended cases
patterns-mended-definition = { $action } counted from a corrective action, { $resolution } from their resolution because no corrective action is recorded.
patterns-within = Came again within { $days } days
patterns-within-of = { $again } of { $watched } that were watched for so long; 95 % interval { $low } to { $high } (Wilson).
patterns-within-none = No mended case has been watched for { $days } days yet.
patterns-nothing = –
patterns-median = Median time until it comes again
patterns-median-none = Not reached
patterns-median-definition = Kaplan–Meier: { $ended } came again, { $censored } have not so far and count as not yet. “Not reached” means that fewer than half have come again.
patterns-again = Came again
patterns-after = After this was mended
patterns-came-again = Matters that came again

## Pairs

patterns-proposals = Which cases may be the same matter?
patterns-proposals-definition = Proposals, for people to decide. By fingerprint: the nearest earlier case with the same category, subcategory and symptom, or the same root cause, controls and components. By text: word pairs compared by MinHash (96 values in 32 bands), then the cosine of weighted words, from 0.6. By structure: the same component, control or cause that fewer than a fifth of the cases have, with a likeness from 0.3. The likeness is a measure of the words in common and no probability: it was never calibrated against decisions. Sealed texts are not compared.
patterns-waiting = Pairs that wait for a decision
patterns-pair-later = Later case
patterns-pair-earlier = Earlier case
patterns-method = Found by
patterns-method-fingerprint = Fingerprint
patterns-method-lexical = Text
patterns-method-structural = Structure
patterns-shared = In common
patterns-likeness = Likeness
patterns-apart = Apart
patterns-confirm = The same
patterns-reject = Not the same
patterns-confirmed = The two cases are the same matter from now on.
patterns-rejected = The two cases are different matters; the pair is not proposed again.
patterns-no-pairs = No pair waits
patterns-no-pairs-next = Pairs are proposed as cases arrive and as root causes and components are recorded.

## Answers

patterns-gaps = What may not be reported, or not in time?
patterns-weaknesses = What fails again and again?
patterns-column-of = Of
patterns-column-found = Found
patterns-column-figures = What went in and came out
patterns-column-chance = Chance if nothing is wrong
patterns-column-cases = Cases
patterns-all-cases = All cases
patterns-flagged = Look at it
patterns-not-flagged = Nothing unusual
patterns-no-chance = None is stated
patterns-chance-tiny = below 0.01 %
patterns-interval = 95 % interval { $low } to { $high }

patterns-never-used = Channels that were never used
patterns-never-used-definition = Open channels by which no case ever came. Without a single report there is no rate, so no chance is stated.
patterns-silence = Silent channels
patterns-silence-definition = Silence test: if reports kept coming at the rate between the first and the last report, how likely is it that none came for as long as none has? Poisson, P(0) = exp(−rate × days); the interval comes from Garwood’s exact interval of the rate. Flagged below 5 %; with fewer than five reports no chance is stated. Looking at many channels at once, about one in twenty is flagged by chance alone.
patterns-lag = Time until something is reported
patterns-lag-definition = From happening to report, later half of the reports against the earlier half, by rank (Mann–Whitney, one-sided, corrected for ties). Flagged when a growth as clear as this has a chance below 5 %; with fewer than eight reports in a half no chance is stated. Reports that do not say when it happened are left out.
patterns-heaping = Reports at the end of quarters
patterns-heaping-definition = Reports in the last seven days of calendar quarters (UTC) against the share of such days between the first and the last report; exact binomial, one-sided. Flagged below 5 %; no chance is stated for a span under 90 days or fewer than 20 reports.
patterns-outages = Published outages against incidents
patterns-outages-definition = Each incident on the status page against the incidents of the register: matched when linked, or when an incident was reported between a day before it began and three days after it was over that touched one of its components or names none. With seven and more matches, Chapman’s estimate of how many there are in all; the two lists depend on each other, so it is an indication only.
patterns-outage-without-incident = Outages without an incident
patterns-outage-without-incident-definition = Incidents on the status page for which the register holds none by the rule above. A count; no chance is stated.
patterns-late-escalation = Grave cases recognised late
patterns-late-escalation-definition = Cases of severity high or critical whose severity was decided, or which a person first confirmed, more than 24 hours after the report, of those with such times; 95 % interval of the share by Wilson. Where a severity was changed later, the time of confirmation counts.
patterns-control-recurs = Controls that come up again
patterns-control-recurs-definition = Cases that name a control as failed or missing. The chance of at least so many if all named controls came up alike: Poisson, corrected for the number of controls (Bonferroni). With fewer than five controls no chance is stated.
patterns-component-recurs = Components that come up again
patterns-component-recurs-definition = Cases that touched a component, by the same method.
patterns-cause-recurs = Causes that come up again
patterns-cause-recurs-definition = Cases by their root cause in one word, by the same method; unknown causes are left out.
patterns-matter-recurs = Matters that come up again
patterns-matter-recurs-definition = Cases with the same fingerprint, by the same method.

patterns-input-reports = reports
patterns-input-days-of-reports = days from first to last
patterns-input-days-silent = days of silence
patterns-input-rate-per-day = reports a day
patterns-input-days-open = days open
patterns-input-median-hours-earlier = median hours, earlier half
patterns-input-median-hours-later = median hours, later half
patterns-input-u = U
patterns-input-z = z
patterns-input-at-quarter-end = at a quarter’s end
patterns-input-share-of-days = share of such days
patterns-input-outages = published
patterns-input-incidents = incidents
patterns-input-matched = matched
patterns-input-without-incident = without an incident
patterns-input-estimated-in-all = estimated in all
patterns-input-grave = grave cases
patterns-input-with-times = with a time
patterns-input-late = late
patterns-input-cases = cases
patterns-input-mean-of-its-sort = mean of its sort
patterns-input-values = values of its sort
