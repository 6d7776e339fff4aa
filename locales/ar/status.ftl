## صفحة الحالة العامة ورسائلها وموجزها

status-question = هل يعمل كل شيء لدى { $party }؟
status-answer-operational = نعم. كل شيء يعمل، حتى { $when }.
status-answer-maintenance = نعم، ما عدا أعمالًا مقررة جارية، حتى { $when }.
status-answer-degraded = في معظمه. هناك شيء بطيء أو غير سليم تمامًا، حتى { $when }.
status-answer-partial = ليس كل شيء. هناك شيء متعطل لدى بعضكم، حتى { $when }.
status-answer-major = لا. هناك شيء متعطل لدى الجميع، حتى { $when }.
status-component = الجزء
status-components = أجزاء النظام
status-state = الحالة
status-none = لا أجزاء في القائمة بعد
status-none-text = ما يُنشر عن النظام يظهر أدناه.
status-incidents = ما لا يعمل
status-maintenance = أعمال مقررة
status-began = البداية
status-ended = النهاية
status-from = من
status-until = إلى
status-affects = يؤثر في
status-what = ماذا
status-kind = النوع
status-kind-incident = حادث
status-kind-maintenance = أعمال مقررة
status-lasted = المدة
status-impact-operational = يعمل
status-impact-maintenance = قيد الصيانة
status-impact-degraded = بطيء أو غير سليم تمامًا
status-impact-partial = متعطل جزئيًا
status-impact-major = متعطل
status-state-investigating = يُبحث عن السبب
status-state-identified = السبب معروف
status-state-monitoring = أُصلح وهو تحت المراقبة
status-state-resolved = انتهى
status-state-scheduled = مقرر
status-state-in-progress = جارٍ
status-state-completed = تم
status-state-cancelled = لن يُنفذ
status-said = ما قيل
status-corrects = هذا يصحح ما قيل في { $when }.
status-corrected = كان هذا خطأ. انظر التصحيح في { $when }.
status-correction = تصحيح.
status-follow = تلقّي الإشعارات
status-follow-question = تلقّي الإشعارات من { $party }
status-follow-text = تصلك رسالة عندما يُنشر شيء هنا. تؤكد ذلك أولًا من بريدك، وفي كل رسالة رابط للخروج. وعند خروجك يُنسى عنوانك.
status-follow-email = عنوان بريدك الإلكتروني
status-follow-hint = لا يُستخدم لغير ذلك.
status-follow-send = أرسلوا إليّ رسالة للتأكيد
status-asked = انظر في بريدك
status-asked-text = إن أمكنت الكتابة إلى العنوان فهناك رسالة في الطريق. افتح الرابط فيها للتأكيد.
status-confirm-question = هل تريد تلقّي الإشعارات من { $party }؟
status-confirm-text = اضغط الزر لتأكيد عنوانك.
status-confirm-send = نعم، أشعروني
status-confirmed = ستصلك الإشعارات
status-confirmed-text = من الآن تصلك رسالة كلما نُشر شيء.
status-leave-question = ألا تريد مزيدًا من الرسائل من { $party }؟
status-leave-text = اضغط الزر. عندئذ يُنسى عنوانك.
status-leave-send = لا مزيد من الرسائل
status-left = لن تصلك رسائل بعد الآن
status-left-text = نُسي عنوانك.
status-link-over = هذا الرابط لم يعد صالحًا
status-link-over-text = استُخدم من قبل أو انتهت مدته. يمكنك طلب رسالة جديدة أدناه.
status-feed = موجز Atom
status-feed-title = حالة { $party }
status-history = ما نُشر سابقًا
status-history-question = ماذا حدث لدى { $party }؟
status-history-answer = { $count ->
    [0] لم يُنشر شيء.
    [one] إشعار واحد مذكور هنا.
    [two] إشعاران مذكوران هنا.
   *[other] عدد الإشعارات المذكورة هنا { $count }، الأحدث أولًا.
}
status-history-none = لم يُنشر شيء بعد
status-history-none-text = الحوادث والأعمال المقررة تظهر هنا وتبقى.
status-older = الأقدم
status-now = الحالة الآن
status-report = الإبلاغ عن شيء لا يعمل
status-one-answer = { $party }: { $state }. آخر إشعار: { $when }.
status-mail-confirm-subject = للتأكيد: هل تريد تلقّي الإشعارات من { $party }؟
status-mail-confirm-text = طلب أحدهم من { $party } إشعار هذا العنوان عندما يُنشر شيء في صفحة الحالة.
    
    إن كنت أنت، فافتح هذه الصفحة واضغط الزر. الرابط صالح { $days } أيام:
    { $link }
    
    وإن لم تكن أنت فلا تفعل شيئًا. عندئذ يُنسى العنوان.
status-mail-subject = { $party }: { $title } ({ $state })
status-mail-foot = اقرأ في الصفحة: { $link }
status-mail-leave = لا مزيد من الرسائل: { $link }
