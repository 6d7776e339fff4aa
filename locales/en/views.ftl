## Saved views

views-save = Save this view
views-save-send = Save the view
views-name = Name
views-shared = Show it to everybody here who reads cases
views-shared-hint = Without this only you see it.
views-new-question = What is this view called?
views-new-answer = It keeps the filters of the list, not the cases: the list is made anew each time.
views-saved = The view “{ $name }” is saved.
views-question = Which views of the register are kept?
views-answer = { $count ->
    [0] None yet.
    [one] You see one.
   *[other] You see { $count }.
}
views-caption = Saved views
views-for = For whom
views-for-all = Everybody here
views-for-me = Only me
views-filters = Filters
views-remove = Remove
views-removed = The view is removed.
views-none = No view is saved
views-none-next = Set filters above the list of cases, then save them under a name.

## Several cases at once

views-bulk-assign = Assign
views-bulk-tag = Add a tag
views-bulk-untag = Take a tag off
views-bulk-close = Close
views-bulk-assign-question = Who shall answer for these cases?
views-bulk-tag-question = Which tag shall these cases have?
views-bulk-untag-question = Which tag shall be taken off these cases?
views-bulk-close-question = With which outcome shall these cases be closed?
views-bulk-chosen = { $count ->
    [one] One case is chosen. Nothing happens before you have seen what would.
   *[other] { $count } cases are chosen. Nothing happens before you have seen what would.
}
views-bulk-assign-value = Person
views-bulk-tag-value = Tag
views-bulk-untag-value = Tag
views-bulk-close-value = Outcome
views-bulk-nobody-yet = Choose a person
views-bulk-preview = Show what would happen
views-bulk-cases = Chosen cases
views-bulk-would = What would happen
views-bulk-happened = What happened
views-bulk-can = It can be done
views-bulk-done = Done
views-bulk-cannot = Not possible: { $why }
views-bulk-would-answer = { $can } of { $all } can be done. Nothing has happened yet.
views-bulk-done-answer = { $done } of { $all } are done.
views-bulk-assign-run = Assign those that can be
views-bulk-tag-run = Tag those that can be
views-bulk-untag-run = Take the tag off where it is
views-bulk-close-run = Close those that can be
views-bulk-back = Back to the list
