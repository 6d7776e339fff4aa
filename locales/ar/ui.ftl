## إطار كل صفحة

skip-to-content = الانتقال إلى المحتوى
band-org = المؤسسة الخدمية
band-firm = المدقق
band-public = متاح للجميع
demonstration = عرض توضيحي ببيانات وهمية
engagement = مهمة التدقيق
engagement-none = اختر مهمة
search = بحث
search-label = البحث في كل شيء
palette-open = انتقال
palette-label = انتقل إلى صفحة أو ابحث عن رقم أو اسم أو كلمة
close = إغلاق
account = حسابك
theme = المظهر
theme-system = حسب النظام
theme-light = فاتح
theme-dark = داكن
sign-in = تسجيل الدخول
sign-out = تسجيل الخروج
rooms = الأقسام
waiting-for-you = { $count ->
    [zero] لا عناصر في انتظارك
    [one] عنصر في انتظارك
    [two] عنصران في انتظارك
    [few] عناصر في انتظارك
    [many] عنصرًا في انتظارك
   *[other] عنصر في انتظارك
}
crumbs = مكانك الحالي
tabs = طرق العرض
footer = يمكن تتبع كل رقم هنا حتى دليله.
glossary = المصطلحات
language = اللغة

## المكونات

definition-of = طريقة الحساب: { $what }
traced = طوبق مع دليله: { $what }
next-step = الخطوة التالية
until = قبل { $when }
late-by = متأخر بمقدار { $span }
left-in = خلال { $span }
steps = الخطوات
step-done = تمت
firm-only = للمكتب فقط
recorded-at = وقت التسجيل
proof-entry = القيد { $index } في السجل
proof-pending = تم التسجيل. يتحدد موضعه في السجل بعد لحظات.
timeline-more = القيود السابقة
progress-queued = في الانتظار
progress-running = قيد التنفيذ
progress-done = تم
progress-failed = توقف بسبب خطأ
progress-cancelled = أُلغي
progress-of = { $done } من { $total }
progress-rate = { $rate } في الثانية
progress-remaining = بقي نحو { $span }
copy = نسخ
copied = تم النسخ

## القوائم

filters-set = عوامل التصفية المستخدمة
filter-drop = إزالة عامل التصفية هذا
saved-filters = عوامل التصفية المحفوظة
columns = الأعمدة
columns-shown = الأعمدة المعروضة
apply = تطبيق
export-csv = CSV
export-xlsx = XLSX
list-empty = لا توجد نتائج.
choose = اختيار
row-actions = الإجراءات
pages = الصفحات: { $what }
pager-shown = المعروض: { $shown }
pager-shown-of = المعروض: { $shown } من { $total }
pager-first = الصفحة الأولى
pager-previous = الصفحة السابقة
pager-next = الصفحة التالية

## النماذج

required = (مطلوب)
choose-one = اختر
cancel = إلغاء
form-faults = { $count ->
    [one] أمر واحد يحتاج إلى انتباهك
    [two] أمران يحتاجان إلى انتباهك
    [few] { $count } أمور تحتاج إلى انتباهك
    [many] { $count } أمرًا يحتاج إلى انتباهك
   *[other] { $count } أمر يحتاج إلى انتباهك
}
form-kept = لم يُحفظ شيء بعد. ما كتبته ما زال موجودًا.
field-required = املأ «{ $field }».
field-choose = اختر قيمة لـ «{ $field }».
field-too-long = يتسع «{ $field }» لما لا يزيد على { $max } حرف، والنص الحالي { $length }. اختصره.
field-not-a-choice = اختر لـ «{ $field }» إحدى القيم المعروضة.
field-not-a-number = يتطلب «{ $field }» رقمًا مثل 12 أو 0.5.
field-not-a-date = يتطلب «{ $field }» تاريخًا مثل 2026-03-09.
field-not-a-time = يتطلب «{ $field }» تاريخًا ووقتًا مثل 2026-03-09T16:30.
field-not-a-mail-address = يتطلب «{ $field }» عنوانًا مثل name@example.com.
field-not-a-web-address = يتطلب «{ $field }» عنوانًا يبدأ بـ https://.

## الرسوم البيانية

chart-data = الأرقام في جدول
ui-example-late = { $cases } متأخرة.
