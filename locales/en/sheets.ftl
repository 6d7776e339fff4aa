## Test sheets: tick marks, evidence beside the item, review

sheets-sheet = Sheet
sheets-evidence = Evidence
sheets-evidence-n = { $count ->
    [0] none
    [one] one file
   *[other] { $count } files
}
sheets-note-of = Note on { $item }
sheets-notes-n = { $count ->
    [one] one note open
   *[other] { $count } notes open
}
sheets-save = Save the sheet
sheets-saved = The results are recorded.
sheets-not-recorded = These rows are not recorded yet; what you typed is kept
sheets-paste = Paste from a spreadsheet
sheets-match = Match evidence
sheets-legend = Keys and tick marks
sheets-legend-link = The firm’s legend
sheets-keys = Arrow keys or Enter go from cell to cell, a mark’s key marks and goes on, Backspace clears, Tab goes to the note. A row is saved as soon as every attribute has its mark; what could not be sent is kept in this browser and sent again.
sheets-review = Review
sheets-say-saved = Saved.
sheets-say-sending = Saving …
sheets-say-kept = No connection: rows are kept in this browser and will be sent again. Do not close it without need.
sheets-say-signed-out = Your session has ended. What you typed is kept in this browser: sign in again in another tab, then reload this page.
sheets-say-mine = Record mine
sheets-say-theirs = Keep theirs
sheets-say-restored = Entries kept from an interrupted session stand in the sheet again.
sheets-say-incomplete = This row is not complete yet; it is kept in this browser until every attribute has its mark.
sheets-say-unknown = That key is no mark of the legend.

sheets-supports-inquiry = A test by inquiry never supports a conclusion on operation by itself: plan an inspection, a reperformance, or observations on two dates beside it. Say in each note who was asked, in which role, and when.
sheets-supports-observation = An observation speaks for its moment: operation needs at least two dates and an inquiry beside them. Say in each note what was watched, where and when.
sheets-supports-inspection = A test by inspection supports a conclusion on operation when each result names the record that was examined.
sheets-supports-reperformance = A reperformance is the strongest evidence of operation: name the inputs, and note your own result beside the organisation’s.

sheets-result-pass = pass
sheets-result-deviation = deviation
sheets-result-missing-evidence = no evidence
sheets-result-not-applicable = not applicable

## One item

sheets-item-title = What does the evidence of { $item } show?
sheets-item-answer = Item { $n } of { $of }.
sheets-back = Sheet
sheets-save-next = Save, then the next open item
sheets-evidence-looked = What was looked at
sheets-no-evidence = No evidence is matched to this item
sheets-no-evidence-next = Match files by name or by the item’s key, or tick what was looked at in the form.
sheets-source = Source
sheets-extracted = Extracted
sheets-digest = SHA-256
sheets-download = Download
sheets-pdf-said = Shown by the browser’s own viewer. Where it shows nothing, download the document.
sheets-not-shown = This kind of file is not shown in place. Download it.
sheets-text-said = { $lines ->
    [0] No line names { $key }.
    [one] One line names { $key }.
   *[other] { $lines } lines name { $key }.
}
sheets-annotations = Noted on this document
sheets-annotate = Note something on a region
sheets-annotate-how = With a pointer: drag a rectangle on the picture and it fills in the four figures. They are parts per ten thousand of the page’s width and height, from its upper left corner.
sheets-annotation = What is noted
sheets-annotated = The annotation is recorded. The document itself stays as it was supplied.
sheets-outline-said = Where each note lies on its page, numbered as in the list below. The document’s own view stands above.
sheets-outline-unknown = Where each note lies, numbered as in the list below. The document does not say plainly how large its pages are, so an upright page of A4 stands for each.
sheets-outline-page = Page { $page }
sheets-outline-label = { $count ->
    [one] Outline of page { $page } with one note
   *[other] Outline of page { $page } with { $count } notes
}
sheets-region = page { $page }: { $x } from the left, { $y } from above, { $width } wide, { $height } high
sheets-region-page = Page
sheets-region-x = From the left
sheets-region-y = From above
sheets-region-width = Width
sheets-region-height = Height
sheets-region-wrong = { $field }: write a whole number from 0 to 10000.
sheets-strike = Strike out
sheets-struck = struck out: { $reason }
sheets-struck-saved = The annotation is struck out and stays to be read.
sheets-replace-title = This item never belonged to the population
sheets-replace-ranked = The next item of the ranking takes its place; nobody chooses it. Missing evidence is no reason: it is a deviation.
sheets-replace = Replace
sheets-replace-shown = What shows that it never belonged
sheets-replace-reason = Choose why the item never belonged to the population: void, duplicate or out of scope.
sheets-replaced-by = Replaced ({ $reason }) by { $item }.
sheets-replaced = The item is replaced, and the next of the ranking stands on the sheet.

## Paste and matching

sheets-paste-title = What does the spreadsheet say of { $code }?
sheets-paste-answer = Nothing is recorded before you have seen it here.
sheets-block = Cells copied from the spreadsheet
sheets-block-hint = One row per item: its key, then a mark for each of { $letters }, then a note if there is one. A first row with headings may put the columns in another order: Item, the letters, Note.
sheets-block-start = Place of the first row
sheets-block-start-hint = Only for a block without keys: its rows go to the sheet’s items from this place on.
sheets-preview = Preview
sheets-preview-rows = { $count ->
    [one] One row would be recorded
   *[other] { $count } rows would be recorded
}
sheets-record = Record these rows
sheets-now = Recorded now
sheets-nothing-taken = Nothing of the block was taken. Mend what is named below, in the spreadsheet or here, and preview it again.
sheets-faults = { $count ->
    [one] One thing is wrong
   *[other] { $count } things are wrong
}
sheets-row = Row
sheets-column = Column
sheets-wrong = What is wrong
sheets-match-title = Which evidence belongs to which item of { $code }?
sheets-match-answer = { $count ->
    [0] No match is proposed
    [one] One match is proposed
   *[other] { $count } matches are proposed
}; { $without ->
    [0] every item has evidence or a proposal.
    [one] one item has neither evidence nor a proposal.
   *[other] { $without } items have neither evidence nor a proposal.
}
sheets-match-proposed = Proposed matches; nothing is recorded before you confirm
sheets-match-confirm = Record the ticked matches
sheets-match-none = No file names an item of this sheet
sheets-match-none-next = Files are found by the item’s key in their name or in a line of their text. Ask for evidence on the request list, or tick files on the item’s own page.
sheets-match-without = Without evidence
sheets-match-without-next = Ask for it on the request list. Evidence that cannot be had makes an item a deviation.
sheets-matched-already = matched already
sheets-take = this one
sheets-take-head = Take
sheets-why = Why
sheets-by-name = Its name holds the key
sheets-by-text = A line of its text holds the key
sheets-matched = The matches are recorded. Results that got further evidence wait for their review again.

## Review

sheets-preparer = Preparer
sheets-reviewer = Reviewer
sheets-not-signed = Not signed
sheets-signed = Signed
sheets-signature-void = Void: a result changed since
sheets-sign-prepared = Sign as preparer
sheets-sign-reviewed = Sign as reviewer
sheets-next-prepare = Every item has a result: who tested them signs the sheet.
sheets-next-review = The preparer has signed: somebody else reviews the sheet and signs, or raises a note.
sheets-next-clear = { $count ->
    [one] One review note has to be cleared before the sheet can be signed.
   *[other] { $count } review notes have to be cleared before the sheet can be signed.
}
sheets-prepared-saved = The sheet is signed by its preparer.
sheets-no-notes = No review note was raised.
sheets-raise = Raise a review note
sheets-note-about = About
sheets-note-about-hint = Left empty, the note is about the whole sheet.
sheets-whole-sheet = The whole sheet
sheets-note-text = What the reviewer asks
sheets-note-answer = Answer
sheets-note-cleared = Cleared
sheets-note-remark = Remark, if one is needed
sheets-note-open = Open
sheets-note-closed = Cleared
sheets-answer = Answer
sheets-clear = Clear the note
sheets-note-raised = The review note is raised.
sheets-note-answered = The answer is recorded. A reviewer clears the note.
sheets-note-is-cleared = The note is cleared.

## The legend

sheets-legend-title = What do our tick marks say?
sheets-legend-answer = { $count } marks, of which { $own ->
    [0] none is the firm’s own.
    [one] one is the firm’s own.
   *[other] { $own } are the firm’s own.
}
sheets-legend-extend = Extend the legend
sheets-legend-own = The firm’s own marks
sheets-legend-own-hint = One per line: key | sign | result | meaning. For instance: T | T | pass | Traced to the ticket. Results: pass, deviation, missing_evidence, not_applicable. P, D, M and N are the same on every sheet.
sheets-legend-state = State the legend
sheets-legend-saved = The legend is stated. Sheets marked before keep what their marks said then.
sheets-legend-version = Legend { $n }

## How the items were selected

sheets-recipe = How anybody selects the same items
sheets-recipe-how = POPULATION is the frozen population’s folder, as the package of the file holds it. The command prints the same items in the same order.
sheets-recipe-apart = These items were named by a person or taken as a run. They are reported apart and are part of no upper limit.
sheets-uncovered = Months from which nothing was selected
sheets-uncovered-month = { $month }: { $count } items of the population, none of them selected
sheets-uncovered-why = A tenth or more of the population lies in each. The selection stays as it was drawn: consider items named for this reason beside it, and say so.
