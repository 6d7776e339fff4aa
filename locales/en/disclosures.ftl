## Which incidents the description discloses

disclosures-title = Disclosure in the description
disclosures-question = Which incidents does the description disclose?
disclosures-answer = { $engagement }: { $all ->
    [0] no incident of the period.
    [one] one incident of the period, { $done } decided and approved.
   *[other] { $all } incidents of the period, { $done } decided and approved.
}
disclosures-incident = Incident
disclosures-severity = Severity
disclosures-reported = Reported
disclosures-proposal = What the answers propose
disclosures-proposal-disclose = Disclose it
disclosures-proposal-consider = Consider it; say why not
disclosures-proposal-leave-out = Leave it out
disclosures-state = State
disclosures-state-none = Not decided
disclosures-state-prepared = Waits for approval
disclosures-state-returned = Sent back
disclosures-state-disclosed = Disclosed
disclosures-state-left-out = Left out
disclosures-prepared-by = Prepared by
disclosures-approved-by = Approved by
disclosures-none = No incident in the period
disclosures-none-next = Cases that are judged to be incidents appear here. Say below how you know that there was none.
disclosures-period = The period as a whole
disclosures-period-text = One statement for the whole period: which incidents are disclosed, or that none met the description criterion, and by which work that is known.
disclosures-period-link = Statement about the whole period
disclosures-one-question = Does the description disclose this incident?
disclosures-one-answer = For { $engagement }. Another person than the one who prepares the decision approves it.
disclosures-somebody = Another person
disclosures-next-prepare = answer the questions and prepare the decision.
disclosures-next-approve = approve the decision, or send it back.
disclosures-not-yet = Management has not approved a decision yet.
disclosures-q-controls = Did it result from controls that were not suitably designed, or did not operate effectively?
disclosures-q-failure = Did it otherwise cause a significant failure to achieve a service commitment or a system requirement?
disclosures-q-public = Was it disclosed publicly, or does law ask for that?
disclosures-q-sanctions = Did an authority impose a sanction, or open a case?
disclosures-q-contracts = Did customers end or change their agreements because of it?
disclosures-q-readers = Would readers of the report decide otherwise if they knew of it?
disclosures-yes = Yes
disclosures-no = No
disclosures-why = Why? Needed where the answer is yes
disclosures-decision = Decision
disclosures-disclose = The description discloses it
disclosures-leave-out = The description leaves it out
disclosures-rationale = Why?
disclosures-text = Text for the description
disclosures-text-hint = Only used where it is disclosed. Facts that can be measured; no promises, no praise.
disclosures-nature = Nature: what it was
disclosures-timing = Timing: when it was, and when it ended
disclosures-extent = Extent: how far it reached, what came of it, what was done
disclosures-began = Began { $at }
disclosures-ended = ended { $at }
disclosures-remark = Remark
disclosures-remark-hint = Needed where it is sent back.
disclosures-judgement = Do you approve it?
disclosures-approve = Yes, as it stands
disclosures-return = No, it goes back
disclosures-contradicts = The decision and the answers differ
disclosures-contradicts-text = The answers propose the other decision. The reason below has to carry that.
disclosures-do-prepare = Prepare the decision
disclosures-do-judge = Approve it, or send it back
disclosures-send-prepare = Record and ask for approval
disclosures-send-judge = Record it
disclosures-prepared = Recorded. Another person now approves it.
disclosures-judged = Recorded.
