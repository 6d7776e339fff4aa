nav-commitments = Commitments
commitments-title = Commitments
commitments-question = What did we promise, and what does it require?
commitments-answer = { $count ->
    [0] No commitment is in the register yet.
    [one] One commitment is in the register
   *[other] { $count } commitments are in the register
}{ $count ->
    [0] {""}
   *[other] ; { $without ->
        [0] each principal one is carried by a requirement.
        [one] one principal commitment is carried by no requirement.
       *[other] { $without } principal commitments are carried by no requirement.
    }
}
commitments-code = Code
commitments-code-hint = Short and unique, such as SC-01
commitments-statement = Commitment
commitments-statement-hint = What is promised to users, with its figure and window: “Monthly availability of the API is at least 99.9 %.”
commitments-category = Category
commitments-requirements = System requirements
commitments-status = Status
commitments-principal = Principal
commitments-principal-question = One of the principal commitments, common to most users
commitments-other = Not principal
commitments-uncarried = Carried by no requirement
commitments-source = Where it is promised
commitments-source-hint = Document and place: “Standard service agreement, clause 4.2”
commitments-none = No commitment yet
commitments-none-next = Begin with what your standard agreement promises every customer.
commitments-add = Add a commitment
commitments-new = Which promise is added?
commitments-saved = The commitment is in the register.
commitments-carried-by = Carried by
commitments-needed-for = Needed for
commitments-kept = Kept
commitments-missed = Missed
commitments-window = Window
commitments-value = Measured
commitments-results = Was it kept?
commitments-results-none = Not measured yet
commitments-results-none-next = Results appear here for each window once they are recorded.
requirement-kind-people = People
requirement-kind-process = Process
requirement-kind-technology = Technology
requirements-none = No requirement yet
requirements-none-next = Say what people, process and technology each commitment needs.
requirements-add = Add a requirement
requirements-new = What does the promise require?
requirements-code-hint = Short and unique, such as SR-01
requirements-statement = Requirement
requirements-criteria = Criteria it bears on
requirements-saved = The requirement is in the register.
