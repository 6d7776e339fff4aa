#!/usr/bin/env bash
# From real records to a signed report that anybody can verify.
#
#   examples/real-records/run.sh RECORDS OUT
#
# RECORDS is the folder with incidents-servicenow/, logons-cert/ and changes-git/; OUT is a folder that does
# not exist yet. TICKMARK names the program (default: tickmark on the path). docs/guide/real-records.md says
# what happens and why.
set -euo pipefail
records=$(cd "${1:?the folder of records}" && pwd)
out=${2:?a folder that does not exist yet}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
catalog=$here/../../catalog
mkdir "$out"
out=$(cd "$out" && pwd)
export TICKMARK_DATA=$out/data
tm() { "${TICKMARK:-tickmark}" "$@"; }
step() { printf '\n== %s\n' "$*" >&2; }

step "A deployment, an engagement, the firm that joins it"
tm init --organization "Example Ltd" --admin admin@example.com
tm engagement load "$here/engagement.toml"
eng=$(tm --json engagement load "$here/engagement.toml" | python3 -c 'import json,sys; print(json.load(sys.stdin)["engagement"])')
examine() { tm examine "$1" --engagement "$eng" --as manager@hale-brook.example "${@:2}"; }
partner() { tm examine "$1" --engagement "$eng" --as partner@hale-brook.example "${@:2}"; }

step "The firm states its licence, staffs the engagement and accepts it"
partner firm --licence CPA.FIRM.00417 --jurisdiction "Accountancy Board of Ohio" --expires 2099-12-31 --office "Columbus, Ohio"
partner assign --person partner@hale-brook.example --role partner --from 2026-01-05
partner assign --person reviewer@hale-brook.example --role quality_reviewer --from 2026-01-05
partner assign --person manager@hale-brook.example --role manager --from 2026-01-05
partner independent
examine independent
tm examine independent --engagement "$eng" --as reviewer@hale-brook.example
examine assess --met "independence=Everybody on the team confirmed." \
  --met "subject_matter=A platform with a sponsor who answers for it." \
  --met "criteria=The trust services criteria, published and free to read." \
  --met "evidence=The records of the three sources are there." \
  --met "written_report=A SOC 2 Type 2 report is agreed." \
  --met "competence=The team has examined platforms like this." \
  --integrity "Nothing adverse is known." --letter 2026-01-02
partner accept --reason "All preconditions are met."

step "The work is planned"
examine understand --part "services=A platform that staff and customers use every day; users rely on who has access and on incidents being resolved in time." \
  --part "procedures=Departures, changes and incidents are each handled by one team and leave a record." \
  --part "risks=Access that outlives employment, change that nobody approved, incidents that are left."
examine risk --prong operation --criterion CC7.4 --inherent high \
  --basis "Half of the incidents of the register missed their target. Response: every incident is tested."
examine risk --rest --basis "Usual for a platform like this. Response: tests of the controls mapped to it, as far as there are records."
examine consider --factor "customer_effect=Access of a leaver to customer data weighs more than anything else." \
  --factor "duration=A gap of a day weighs less than one of weeks." \
  --conclusion "A failure that lets people in who have left, or that leaves users waiting beyond what was promised."

step "The event log becomes the case register"
tm cases import "$records/incidents-servicenow/incident_event_log.csv" \
  --mapping "$catalog/mappings/servicenow-event-log.toml" --refused "$out/refused.ndjson"
tm --json cases analyse >"$out/analysis.json"
tm cases export --out "$out/cases.csv"

step "Populations are frozen"
lib=library:leavers-against-logons
# What was done to find out whether each list is complete and accurate stands in a file of its own; without it
# nothing is accepted, and nothing can be concluded.
examine freeze --supplied-by organisation "$records"/logons-cert/rosters/2010-06.csv@2010-06 "$records"/logons-cert/rosters/2010-07.csv@2010-07 \
  "$records"/logons-cert/rosters/2010-08.csv@2010-08 "$records"/logons-cert/rosters/2010-09.csv@2010-09 \
  "$records"/logons-cert/rosters/2010-10.csv@2010-10 --schema $lib/roster.toml --name Rosters --control IAM-05 \
  --source "Staff rosters, one a month" --checks "$here/checks/rosters.toml" --accept "Five months without a gap; heads counted against the directory."
examine freeze --supplied-by organisation "$records/logons-cert/logon-2010Q3.csv.gz" --schema $lib/logons.toml --name Logons --control IAM-05 \
  --source "Directory log of the third quarter of 2010" --from 2010-07-01 --to 2010-09-30 \
  --checks "$here/checks/logons.toml" --accept "No day of the quarter is empty."
examine freeze --supplied-by organisation "$records/changes-git/changes-2025.csv" --schema library:changes-second-person/changes.toml \
  --name Changes --control CHG-02 --source "git log of the main line, 2025" --from 2025-01-01 --to 2025-12-31 \
  --checks "$here/checks/changes.toml" --accept "Counted against the main line; every commit of the year is there."
examine freeze --supplied-by organisation "$out/cases.csv" --schema library:cases-kept-their-times/cases.toml --name Cases --control INC-03 \
  --source "tickmark cases export" --from 2016-02-29 --to 2016-03-31 --checks "$here/checks/cases.toml" --accept "As many rows as the register has cases."

step "Three controls are tested over every item"
examine plan --control IAM-05 --code T-IAM-05 --basis census --evidence "staff rosters and the directory's log of logons" \
  --items "leavers" --attribute "no logon after the last day of employment"
examine census --test T-IAM-05 --library leavers-against-logons --population rosters=Rosters --population logons=Logons \
  --param roster_reading=end-of-month --param period_from=2010-07-01 --param period_to=2010-09-30
# What could not be told counts as a deviation and is described as one; it is never passed over.
examine deviation --test T-IAM-05 --outcome unmatched \
  --facts "For 13 leavers it could not be determined whether they logged on after their last day: the log ends before that day." \
  --cause "The log was supplied for the third quarter of 2010 alone." --nature systematic \
  --client-statement "Logs are now kept and supplied for a year after the last roster."
examine plan --control CHG-02 --code T-CHG-02 --basis census --evidence "the history of the main line" \
  --items "changes" --attribute "a second person approved the change"
examine census --test T-CHG-02 --library changes-second-person --population changes=Changes
examine deviation --test T-CHG-02 --facts "One change reached the main line without a pull request." \
  --cause "The main line was not protected against pushes by administrators." --nature systematic \
  --client-statement "The main line is now protected for everybody."
examine deviation --test T-CHG-02 --outcome unmatched \
  --facts "For 2,035 changes it could not be determined who approved them: version control does not record who makes a squash merge, and one pull request number stands for two changes." \
  --cause "The reviews kept by the code host were not supplied." --nature systematic \
  --client-statement "Reviews will be exported with the history."
examine plan --control INC-03 --code T-INC-03 --basis census --evidence "the case register" \
  --items "incidents" --attribute "the promised times were kept"
examine census --test T-INC-03 --library cases-kept-their-times --population cases=Cases
examine deviation --test T-INC-03 --facts "The register says that the promised times were not kept." \
  --cause "Targets were not enforced; a missed target did not escalate." --nature systematic \
  --client-statement "A missed target now escalates by itself."

step "Conclusions"
# No records were supplied for the other controls, which is a limit on the scope of the examination.
others=$(tm --json examine results --engagement "$eng" --as manager@hale-brook.example | python3 -c '
import json, sys
print(" ".join(c["code"] for c in json.load(sys.stdin)["controls"] if not c["tests"]))')
for control in $others; do
  examine conclude --control "$control" --design suitable --operation unable --reason "No records of its operation were supplied."
done
examine conclude --control IAM-05 --design suitable --operation unable \
  --reason "No leaver logged on later, but for 13 of 34 the log does not reach far enough."
examine conclude --control CHG-02 --design suitable --operation unable \
  --reason "For all but one change it cannot be told who approved it."
examine conclude --control INC-03 --design deficient --operation ineffective \
  --reason "About half of all incidents missed their promised times, and nothing escalated."
# Where a test could not be carried out, the rule counts the item as a deviation. Calling the control
# "unable" instead is more favourable, so it stands only with a second person's signature.
partner second IAM-05 --reason "The log was supplied as it is; the limit is one of scope."
partner second CHG-02 --reason "The reviews exist elsewhere and were not supplied; the limit is one of scope."
# Whether the promises were kept, as far as the records can tell.
examine commitment --code SC-01 --read "The security schedule, section 2, says what the register says." \
  --evidence "Security schedule, section 2"
examine commitment --code SC-01 --assurance unknown \
  --reason "No leaver logged on later as far as the log reaches; for 13 of 34 it does not reach far enough."
examine commitment --code SC-02 --read "Clause 6 of the service agreement says what the register says." \
  --evidence "Service agreement, clause 6"
examine commitment --code SC-02 --assurance no --evidence "The case register, 763 of 1,500 incidents beyond their target" \
  --reason "About half of all incidents were not resolved within the promised time."
partner conclude --criterion CC7.4 --design not_met --operation not_met \
  --reason "The control that answers incidents did not keep its promise and does not enforce it."
# Every criterion is concluded on by a person, also where the rules find it met.
criteria=$(tm --json examine results --engagement "$eng" --as manager@hale-brook.example | python3 -c '
import json, sys
for c in json.load(sys.stdin)["criteria"]:
    found = c["proposed"]
    if not c["conclusion"]:
        print(c["criterion"], found["design"], found["operation"])')
while read -r criterion design operation; do
  partner conclude --criterion "$criterion" --design "$design" --operation "$operation" \
    --reason "As the controls that serve it were concluded on." </dev/null
done <<<"$criteria"
examine opinion | tee "$out/opinion.txt"
partner opinion --conclude disclaimer \
  --reason "Three of 21 controls could be examined; for the others no records were supplied."

step "The report"
# Nothing dated after the report may feed it, and all of this is recorded today.
today=$(TZ=America/New_York date +%F)
tm report describe --engagement "$eng" --from "$here/description.toml" --as lead@example.com
tm report assert --engagement "$eng" --signer "Ada Marlowe" --date 2026-02-02 --as sponsor@example.com
tm report terms --engagement "$eng" --city Columbus --state Ohio --date "$today" --as manager@hale-brook.example
tm report letter --engagement "$eng" --from "$here/letter.txt" --signer "Ada Marlowe" --date "$today" \
  --gives all --as manager@hale-brook.example
tm report build --engagement "$eng" --out "$out/draft.pdf" --as manager@hale-brook.example
tm report build --engagement "$eng" --out "$out/draft-again.pdf" --as manager@hale-brook.example
cmp "$out/draft.pdf" "$out/draft-again.pdf"
step "Completion"
for kind in inquiry minutes incidents changes reports other_information; do
  tm report procedure --engagement "$eng" --kind "$kind" --on "$today" --source "Ada Marlowe, chief executive officer" \
    --result "Nothing came up that bears on the description or the controls." --as manager@hale-brook.example
done
tm report review --engagement "$eng" --as partner@hale-brook.example
tm report missing --engagement "$eng" --as manager@hale-brook.example
tm report sign --engagement "$eng" --step prepared --statement "The work is complete." --as manager@hale-brook.example
tm report sign --engagement "$eng" --step quality --statement "I took no part and know of nothing that is not resolved." \
  --as reviewer@hale-brook.example
tm report sign --engagement "$eng" --step partner --statement "The evidence is sufficient and appropriate for the opinion." \
  --as partner@hale-brook.example
tm report issue --engagement "$eng" --out "$out/report.pdf" --as partner@hale-brook.example
tm export package --engagement "$eng" --out "$out/package.zip" --as partner@hale-brook.example

step "Anybody can verify, each on its own"
tm verify "$out/data"
tm verify "$out/package.zip"
tm verify "$out/report.pdf"
tm reperform "$out/package.zip"
