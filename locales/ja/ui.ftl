## すべてのページの枠

skip-to-content = 本文へ移動
band-org = 受託会社
band-firm = 監査人
band-public = どなたでも利用できます
demonstration = 架空のデータによるデモ
engagement = 業務
engagement-none = 業務を選ぶ
search = 検索
search-label = すべてを検索
palette-open = 移動
palette-label = ページへ移動、または番号・名前・言葉で検索
close = 閉じる
account = アカウント
theme = 表示
theme-system = システムに合わせる
theme-light = ライト
theme-dark = ダーク
sign-in = サインイン
sign-out = サインアウト
rooms = 部門
waiting-for-you = 件があなたの対応を待っています
crumbs = 現在の位置
tabs = 表示の切り替え
footer = ここにある数値はすべて証拠までたどれます。
glossary = 用語集
language = 言語

## 部品

definition-of = { $what }の数え方
traced = 証拠と照合済み：{ $what }
next-step = 次の手順
until = 期限 { $when }
late-by = { $span }の遅れ
left-in = あと{ $span }
steps = 手順
step-done = 完了
firm-only = 監査法人のみ
recorded-at = 記録日時
proof-entry = 記録簿の項目 { $index }
proof-pending = 記録しました。記録簿での位置はまもなく決まります。
timeline-more = 以前の項目
progress-queued = 順番待ち
progress-running = 処理中
progress-done = 完了
progress-failed = エラーで停止
progress-cancelled = 取り消し済み
progress-of = { $total }件中{ $done }件
progress-rate = 毎秒{ $rate }件
progress-remaining = 残り約{ $span }
copy = コピー
copied = コピーしました

## 一覧

filters-set = 使用中の絞り込み
filter-drop = この絞り込みを外す
saved-filters = 保存した絞り込み
columns = 列
columns-shown = 表示する列
apply = 適用
export-csv = CSV
export-xlsx = XLSX
list-empty = 該当するものはありません。
choose = 選択
row-actions = 操作
pages = ページ：{ $what }
pager-shown = { $shown }件を表示
pager-shown-of = { $total }件中{ $shown }件を表示
pager-first = 最初のページ
pager-previous = 前のページ
pager-next = 次のページ

## 入力

required = （必須）
choose-one = 選んでください
cancel = やめる
form-faults = 確認が必要な項目が{ $count }件あります
form-kept = まだ保存されていません。入力した内容は残っています。
field-required = 「{ $field }」を入力してください。
field-choose = 「{ $field }」を選んでください。
field-too-long = 「{ $field }」は{ $max }文字までです。今は{ $length }文字あります。短くしてください。
field-not-a-choice = 「{ $field }」は表示された中から選んでください。
field-not-a-number = 「{ $field }」には 12 や 0.5 のような数を入力してください。
field-not-a-date = 「{ $field }」には 2026-03-09 のような日付を入力してください。
field-not-a-time = 「{ $field }」には 2026-03-09T16:30 のような日時を入力してください。
field-not-a-mail-address = 「{ $field }」には name@example.com のようなアドレスを入力してください。
field-not-a-web-address = 「{ $field }」には https:// で始まるアドレスを入力してください。

## 図

chart-data = 数値の表
ui-example-late = { $cases } が遅れています。
