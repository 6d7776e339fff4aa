## Work on a case

casework-from-to = { $from } before, { $to } now.
casework-fact-at = { $what }: { $at }
casework-fact-occurred = It began
casework-fact-detected = It was noticed
casework-fact-aware = The organisation became aware
casework-fact-determined = It was determined what it is
casework-fact-contained = It was contained
casework-fact-recovered = Service was as promised again
