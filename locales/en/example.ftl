## The pages shown in docs/guide/interface.md

example-list-title = Which vendors have no agreement?
example-list-answer = { $count ->
    [0] Every vendor has one.
    [one] { $link } has none.
   *[other] { $link } have none.
}
example-list-link = { $count ->
    [one] 1 vendor
   *[other] { $count } vendors
}
example-vendors = Vendors
example-name = Name
example-owner = Owner
example-reviews = Reviews
example-status = Status
example-history = History
example-agreed = Agreed
example-missing = No agreement
example-none = No vendor yet
example-none-next = Add the first vendor whose service yours depends on.
example-add = Add a vendor
example-new-title = Which vendor shall be added?
example-name-hint = As it stands in the contract.
example-saved = { $name } was added.
example-taken = Name: a vendor with this name exists already.
example-counted = Vendors in use on the last day of the period, without a signed agreement on file.
