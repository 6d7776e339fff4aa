## الأرقام والتواريخ والمدد

# A value set apart from the text around it does not say which way that text runs, so a message that
# begins with one begins with a mark for right-to-left.

format-percent = ‎{ $number }‎%‎
format-date = ‏{ $day } { $month } { $year }
format-moment = ‏{ $date }، { $time } { $zone }
format-due = ‏{ $weekday } { $moment }
month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر
day-mon = الاثنين
day-tue = الثلاثاء
day-wed = الأربعاء
day-thu = الخميس
day-fri = الجمعة
day-sat = السبت
day-sun = الأحد
span-days = { $n } ي
span-hours = { $n } س
span-minutes = { $n } د
span-seconds = { $n } ث
