## Tests over whole populations that come with the product

library-title = Library of tests over whole populations
library-answer = { $ready ->
    [0] None of the { $count } tests can be run on what is frozen so far.
   *[other] { $ready } of { $count } tests can be run on what is frozen so far.
}
library-for-test = For { $code }, a test of { $control }: those written for this control come first.
library-number = Number
library-what-passes = What passes
library-needs = Populations it needs
library-ready = State
library-can-run = Can be run
library-lacks = Lacks { $names }
library-what-it-is = What it is
library-columns = Columns it reads
library-frozen = Frozen so far
library-none-frozen = None
library-parameter = Name
library-question = Question
library-unit = Unit: { $unit }
library-unit-heading = Unit
library-usual = Usual value
library-usual-none = None
library-asked = Asked
library-text-hash = SHA-256 of the test
library-test-ready = Everything it reads is frozen.
library-test-lacks = Freeze these first: { $names }.
library-run = Run it
library-run-in = In test { $code }
library-plan-first = Plan a test of a control on every item first; then it can be run there.
library-texts = Texts
library-test-text = The test
library-schema-text = Schema { $name }
library-choose = Choose
library-choose-fitting = Choose a frozen population with the columns that the test reads.
library-choice = { $name } ({ $rows } rows)
library-choose-from = Choose one of the { $count } tests of the library
library-what-it-needs = What it shows and needs
library-zone = Time zone in which days begin and end
library-duration-hint = Elapsed time such as 24 hours, 30 minutes or 5 days
library-timestamp-hint = A point in time such as 2026-06-30T23:59:59-04:00
library-schema = Or a schema of the library
library-schema-hint = Its dates are then read in the engagement’s own zone
library-schema-needed = Write what the columns mean, or choose a schema of the library.
library-schema-twice = Write the schema or choose one of the library, not both.
library-from-evidence = Or an item of evidence
library-from-evidence-hint = A file that the organisation supplied
library-from-register = Or the case register itself
library-from-register-hint = Every case opened in the period: number, state, priority and times, no text
library-one-origin = Choose one: a file, an item of evidence, or the case register.
