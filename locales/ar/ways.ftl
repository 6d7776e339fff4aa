## كيفية الإبلاغ، للجميع

channels-kind-portal = صفحة البلاغات
channels-kind-email = البريد الإلكتروني
channels-kind-hotline = خط هاتفي
channels-kind-chat = محادثة
channels-kind-webform = نموذج في موقع آخر
channels-kind-api = واجهة للبرامج
channels-kind-third-party = طرف ثالث
channels-kind-in-person = حضوريًا
channels-public-question = كيف يمكنك الإبلاغ إلى { $party }؟
channels-public-answer = { $count ->
    [0] لا توجد وسيلة متاحة حاليًا.
    [one] توجد وسيلة واحدة. استخدمها للأعطال والحوادث والمخاوف والشكاوى.
    [two] توجد وسيلتان. اختر ما يناسبك؛ فكلتاهما تصل إلى الأشخاص أنفسهم.
   *[other] عدد الوسائل: { $count }. اختر ما يناسبك؛ فكلها تصل إلى الأشخاص أنفسهم.
}
channels-public-for-both = الجميع
channels-public-for-external = العملاء وغيرهم
channels-public-for-internal = من يعملون هنا
channels-public-none = لا توجد وسيلة متاحة لك هنا
channels-public-none-text = استخدم صفحة البلاغات أدناه؛ فهي متاحة دائمًا.
channels-public-address = أين
channels-public-hours = أوقات العمل
channels-public-languages = اللغات
channels-public-your-name = اسمك
channels-public-anonymous = لست مضطرًا إلى ذكره.
channels-public-named = تُظهر هذه الوسيلة من أنت.
channels-public-report = أبلغ هنا
channels-public-text = المحتوى نفسه كنص عادي
channels-public-text-hint = لنسخه إلى عقد أو دليل أو صفحة داخلية. يُنشأ من السجل؛ فانسخه من جديد عندما تتغير وسيلة.
channels-public-text-file = افتح كنص
channels-text-opening = يمكنك إبلاغ { $party } بالأعطال والحوادث والمخاوف والشكاوى بأي من هذه الوسائل:
channels-text-closing = كل بلاغ يحصل على رقم متابعة وعلى رد. ولا يتضرر أحد يُبلغ بحسن نية.
