## الاستبيان كما يُجاب عنه

survey-asks = تسأل { $party }. تُقبل الإجابات حتى { $until }.
survey-anonymous = لا يعرف أحد من أنت
survey-anonymous-text = تُحفظ إجاباتك بلا اسم ولا عنوان ولا وقت، ولا يقرؤها أحد قبل إغلاق الاستبيان. لا تُعرض أرقام أقل من خمسة أشخاص. ما تكتبه بكلماتك قد يكشف هويتك: لا تكتب أسماء.
survey-named = تُرى إجاباتك مع عنوانك
survey-named-text = من يسأل يرى ما أجبت به.
survey-segment = إلى أيٍّ من هذه تنتمي؟
survey-segment-hint = اتركه فارغًا إن كنت لا تفضل الإفصاح.
survey-agree-1 = لا إطلاقًا
survey-agree-2 = أميل إلى لا
survey-agree-3 = جزئيًا
survey-agree-4 = في الغالب
survey-agree-5 = تمامًا
survey-answer-yes = نعم
survey-answer-no = لا
survey-send = أرسل إجاباتي
survey-thanks = شكرًا
survey-thanks-text = وصلت إجاباتك. يمكنك إغلاق هذه الصفحة.
survey-used = أُجيب عن هذه الدعوة من قبل
survey-used-text = الإجابة الأولى هي المعتمدة. شكرًا.
survey-over = لم يعد بالإمكان الإجابة عن هذا الاستبيان
survey-over-text = أُغلق، أو أن الرابط غير مكتمل.
survey-mail-subject = تسأل { $party }: { $title }
survey-mail-text = { $intro }
    
    { $promise }
    
    أجب قبل { $until }:
    { $link }
survey-mail-anonymous = لا يعرف أحد من أجاب بماذا: الرابط يتيح لشخص واحد الإجابة مرة واحدة، ويُحفظ منفصلًا عن الإجابة.
survey-mail-named = تُرى إجاباتك مع عنوانك.
