## ما يقرؤه من يبلّغ عن أمر

cases-kind-failure = عطل
cases-kind-failure-hint = شيء لم يعمل كما وُعد به.
cases-kind-incident = حادث
cases-kind-incident-hint = شيء أضرّ، أو كان يمكن أن يضرّ، بالأمن أو التوافر أو السرية.
cases-kind-concern = مصدر قلق
cases-kind-concern-hint = شيء يبدو خاطئًا ولم يتعطّل بعد.
cases-kind-complaint = شكوى
cases-kind-complaint-hint = لست راضيًا عن الطريقة التي جرى بها أمر ما.
cases-state-new = جديد
cases-state-acknowledged = جرى تأكيد استلامه
cases-state-in-progress = قيد المعالجة
cases-state-awaiting-reporter = بانتظار المبلِّغ
cases-state-awaiting-vendor = بانتظار مورّد
cases-state-awaiting-internal = بانتظار أمر داخلي
cases-state-resolved = عولج
cases-state-closed = مغلق
cases-state-withdrawn = سُحب
cases-number = رقم المتابعة
cases-code = رمز العودة
cases-code-hint = ظهر مرة واحدة بعد إرسال البلاغ. لا فرق بين الأحرف الكبيرة والصغيرة ولا أثر للمسافات والشرطات.
cases-reported = وقت البلاغ
cases-messages = الرسائل مع المبلِّغ
cases-report-question = بماذا تريد إبلاغ { $party }؟
cases-report-answer = لا تحتاج إلى حساب. يكفي أن تذكر ما حدث بإيجاز ثم بالتفصيل، ويمكنك ترك الباقي فارغًا.
cases-report-follow = هل أبلغت من قبل؟ اطّلع على حال بلاغك
cases-report-kind = ما الأمر؟
cases-report-title = بكلمات قليلة
cases-report-description = ماذا حدث؟
cases-report-occurred = متى حدث (بالتوقيت العالمي)؟ اختياري
cases-report-occurred-hint = التاريخ والوقت بالتوقيت العالمي المنسّق؛ اتركه فارغًا إن كنت لا تعلم.
cases-report-occurred-wrong = اكتب التاريخ والوقت هكذا: 2026-03-09T16:30 بالتوقيت العالمي، أو اتركه فارغًا.
cases-report-occurred-future = هذا في المستقبل. متى حدث؟
cases-report-contact = كيف يمكن الوصول إليك؟ اختياري
cases-report-contact-hint = اسم أو عنوان بريد أو رقم هاتف. اتركه فارغًا إن كنت تبلّغ دون كشف هويتك؛ ويمكنك مع ذلك قراءة الردود هنا.
cases-report-kind-choose = اختر ما تبلّغ عنه.
cases-report-about = من المعنيّ؟ اختياري
cases-report-about-hint = أسماء أشخاص. من يُذكر هنا لا يقرأ هذا البلاغ ولا يُسأل عنه.
cases-report-files = ملفات
cases-report-files-hint = حتى { $count } ملفات، كل منها لا يتجاوز { $size }. لا تُقبل البرامج ولا صفحات الويب. تُسلَّم الصور نسخةً بلا مكان ولا وقت ولا جهاز، ويبقى الأصل مختومًا. أما الملفات الأخرى فلا يمكن إزالة مثل هذه الآثار منها.
cases-report-files-again = اختر ملفاتك مرة أخرى: النموذج العائد لا يستطيع الاحتفاظ بها.
cases-report-privacy = من يجوز أن يعرف أنك أنت؟
cases-report-privacy-choose = اختر من يجوز أن يعرف أنك أنت.
cases-privacy-open = كل من يعمل على البلاغ
cases-privacy-open-hint = يقرأ ما تكتبه من يعملون عليه، وقد يقرؤه مدقّق المؤسسة.
cases-privacy-confidential = من يفتح البلاغ فقط
cases-privacy-confidential-hint = ما تكتبه يُقفل. لا يفتحه إلا من ائتُمنوا على البلاغات السرية، ويُسجَّل كل فتح، ولا يستطيع المدقّق فتحه.
cases-privacy-anonymous = لا أحد: أبقى مجهول الهوية
cases-privacy-anonymous-hint = مقفل أيضًا. لا يُحفظ اسم ولا عنوان ولا جهاز ولا وقت دقيق. لا تكتب ما يدل على هويتك.
cases-report-contact-anonymous = اخترت أن تبقى مجهولًا، فلا يُحفظ شيء عنك. أفرغ هذه الخانة أو اختر أعلاه أن تُعرف.
cases-report-again = سُجّل بلاغ من هذا النموذج من قبل. إذا أرسلت مرة أخرى فسيُسجَّل ما تراه هنا بلاغًا آخر.
cases-draft-keep = احتفظ بما أكتبه على هذا الجهاز حتى أرسله
cases-draft-keep-hint = ضع العلامة فقط على جهاز يخصك وحدك. وإلا فمسودتك تبقى ما بقيت علامة التبويب هذه.
cases-draft-restored = عاد ما كنت قد كتبته.
cases-file-refused = لم تُقبل كل الملفات. بلاغك سُجّل مع ذلك
cases-file-runs = { $name }: لا تُقبل البرامج والنصوص البرمجية وصفحات الويب. أرسل بدلًا منها صورة أو PDF أو نصًا.
cases-file-large = { $name }: هذا أكبر من { $size }. أرسله مجزّأً.
cases-file-many = { $name }: كانت الملفات كثيرة دفعة واحدة. أضفه في صفحة بلاغك.
cases-file-taken = { $count ->
    [one] قُبل ملف واحد وخُتم.
    [two] قُبل ملفان وخُتما.
   *[other] قُبلت الملفات وخُتمت، وعددها { $count }.
}
cases-file-unstripped = { $count ->
    [one] تعذّرت إزالة آثار مثل المؤلف أو وقت الإنشاء من واحد منها.
   *[other] تعذّرت إزالة آثار مثل المؤلف أو وقت الإنشاء من { $count } منها.
}
cases-report-code-title = ستتلقى رمز عودة
cases-report-code-before = بعد الإرسال تعرض هذه الصفحة رقم متابعة ورمز عودة. يظهر رمز العودة مرة واحدة ولا يمكن استعادته، لا لك ولا لأي أحد: به وحده تعود إلى بلاغك. جهّز ما تكتبه به.
cases-report-send = أرسل البلاغ
cases-filed-title = سُجّل بلاغك
cases-filed-answer = وصل إلى { $party }. اكتب السطرين قبل أن تغادر هذه الصفحة.
cases-filed-once-title = يظهر رمز العودة مرة واحدة
cases-filed-once = لا يمكن استعادته، لا لك ولا لأي أحد. وبدونه لا يستطيع أحد العودة إلى هذا البلاغ باسمك.
cases-filed-next = ما الذي يلي
cases-filed-open = يستطيع من يعالجون الحالات قراءته الآن.
cases-filed-confidential = ما كتبته مقفل. ويُسجَّل كل من يفتحه.
cases-filed-anonymous = ما كتبته مقفل، ولا شيء يدل على أنه منك. ويُسجَّل كل من يفتحه.
cases-filed-next-text = يقرأ بلاغك أحد من يعالجون الحالات ويقرر مدى خطورته. تظهر الأسئلة والردود الموجهة إليك في الصفحة التي يفتحها رقم المتابعة ورمز العودة.
cases-filed-proof = إثباتك
cases-filed-proof-text = يُثبت الإيصال أن هذا البلاغ سُجّل ومتى. ويستطيع كل من لديه المفتاح العام للسجل أن يتحقق منه دون سؤالنا.
cases-filed-receipt = اعرض الإيصال
cases-filed-download = نزّل الإيصال
cases-verify-link = تحقّق من إيصال
cases-verify-question = هل هذا الإيصال صحيح؟
cases-verify-answer = يتحقق منه متصفحك بنفسه، ولا يُرسل الإيصال إلى أي مكان.
cases-verify-no-script = تحتاج هذه الصفحة إلى تشغيل النصوص البرمجية لأن متصفحك هو الذي يتحقق. وبدونها استخدم الأمر «tickmark verify» على أي حاسوب.
cases-verify-file = الإيصال ملفًّا
cases-verify-text = أو نصّه
cases-verify-key = المفتاح العام للسجل، إن كان لديك من مصدر آخر
cases-verify-key-hint = بدونه يُستخدم المفتاح الذي يذكره الإيصال نفسه.
cases-verify-do = تحقّق
cases-verify-empty = اختر إيصالًا أولًا أو الصق نصّه.
cases-verify-unable = لا يستطيع هذا المتصفح التحقق من توقيعات Ed25519، أو لم تُفتح هذه الصفحة عبر اتصال آمن. استخدم متصفحًا حديثًا أو الأمر «tickmark verify».
cases-verify-good = تم التحقق. لم يُغيَّر شيء في هذا الإيصال.
cases-verify-logged = السجل يحوي القيد: يقود الإثبات إلى حال للسجل وقّعها المفتاح نفسه.
cases-verify-promised = وقّع السجل القيد، وكان موضعه لم يُحدَّد بعد حين صدر الإيصال.
cases-verify-as-stated = المفتاح هو ما يذكره الإيصال نفسه. قارنه بمفتاح حصلت عليه من مصدر آخر.
cases-verify-bad-key = لم يُتحقق منه: يذكر الإيصال مفتاحًا غير صالح.
cases-verify-other-key = لم يُتحقق منه: يذكر الإيصال مفتاحًا غير مفتاحك.
cases-verify-malformed = لم يُتحقق منه: الإيصال ناقص أو غُيّر.
cases-verify-bad-signature = لم يُتحقق منه: التوقيع لا يطابق. غُيّر الإيصال أو لم يُصدره هذا السجل.
cases-verify-bad-proof = لم يُتحقق منه: لا يقود الإثبات من القيد إلى حال السجل الموقّعة.
cases-verify-not-a-receipt = لم يُتحقق منه: هذا ليس إيصالًا.
cases-verify-away = من دوننا
cases-verify-away-text = الصفحة نفسها في ملف واحد تعمل بلا هذا الموقع وبلا شبكة. احفظها مع إيصالك.
cases-verify-download = نزّل هذه الصفحة ملفًّا واحدًا
cases-follow-question = ما حال بلاغك؟
cases-follow-answer = اكتب رقم المتابعة ورمز العودة اللذين تلقيتهما.
cases-follow-look = اعرض بلاغي
cases-follow-unknown = لا يوجد بلاغ بهذا الرقم مع هذا الرمز. راجعهما وحاول مرة أخرى.
cases-follow-more = هل تريد إضافة شيء؟
cases-follow-text = ماذا تريد أن تقول؟
cases-follow-say = أرسل
cases-follow-said = سُجّل ما كتبته مع بلاغك.
cases-follow-destroyed = أُتلف ما كُتب هنا في نهاية مدة حفظه. ويبقى مسجّلًا أن بلاغًا قُدّم ومتى وكيف انتهى.
cases-follow-none = لا رسائل بعد
cases-follow-none-text = ستظهر هنا الأسئلة والردود الموجهة إليك.
cases-followed-question = ما حال البلاغ { $number }؟
cases-you = أنت
cases-they = المؤسسة
cases-told-new = سُجّل بلاغك. لم يؤكده أحد بعد.
cases-told-acknowledged = قرأ أحدهم بلاغك وأكده.
cases-told-in-progress = قُيّم بلاغك ويجري العمل عليه.
cases-told-awaiting-reporter = تنتظر المؤسسة ردًّا منك.
cases-told-awaiting-vendor = ينتظر العمل شركة أخرى.
cases-told-awaiting-internal = ينتظر العمل أمرًا آخر داخل المؤسسة.
cases-told-resolved = انتهى العمل. إن لم يكن كذلك فقل ذلك هنا.
cases-told-closed = أُغلقت الحالة.
cases-told-withdrawn = سُحب البلاغ.
cases-promised-acknowledge = يؤكَّد في موعد أقصاه
cases-promised-answer = يصلك رد في موعد أقصاه
cases-filed-held-title = تم الاستلام وهو بانتظار الاطلاع عليه
cases-filed-held = تصل الآن بلاغات كثيرة. بلاغك محفوظ، وسيطّلع عليه شخص خلال يوم واحد ثم يُعالج كأي بلاغ آخر.

## A mail to the reporter

cases-update-subject = بلاغك { $number }
cases-update-text = { $text }

    يمكنك الرد على هذه الرسالة. أو افتح { $link } برقم المتابعة { $number } ورمز العودة الذي تلقيته عند الإبلاغ.
cases-update-text-page = { $text }

    يمكنك الرد في صفحة المتابعة برقم المتابعة { $number } ورمز العودة الذي ظهر لك عند الإبلاغ.
