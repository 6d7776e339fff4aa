## A survey as people answer it

survey-asks = { $party } asks. Answers are taken until { $until }.
survey-anonymous = Nobody learns who you are
survey-anonymous-text = Your answers are kept without name, address or time, and nobody reads them before the survey is closed. Figures of fewer than five people are not shown. What you write in your own words may give you away: write no names.
survey-named = Your answers are seen with your address
survey-named-text = Whoever asks sees what you answered.
survey-segment = Which of these do you belong to?
survey-segment-hint = Leave it open if you would rather not say.
survey-agree-1 = Not at all
survey-agree-2 = Rather not
survey-agree-3 = Partly
survey-agree-4 = Mostly
survey-agree-5 = Wholly
survey-answer-yes = Yes
survey-answer-no = No
survey-send = Send my answers
survey-thanks = Thank you
survey-thanks-text = Your answers were received. You can close this page.
survey-used = This invitation was answered already
survey-used-text = The first answer counts. Thank you.
survey-over = This survey cannot be answered any more
survey-over-text = It is closed, or the link is not complete.
survey-mail-subject = { $party } asks: { $title }
survey-mail-text = { $intro }
    
    { $promise }
    
    Answer by { $until }:
    { $link }
survey-mail-anonymous = Nobody learns who answered what: the link lets one person answer once, and is kept apart from the answer.
survey-mail-named = Your answers are seen with your address.
