## 公開の稼働状況ページ、そのメールとフィード

status-question = { $party } はすべて動いていますか
status-answer-operational = はい。すべて動いています({ $when } 現在)。
status-answer-maintenance = はい。ただし予定された作業が行われています({ $when } 現在)。
status-answer-degraded = おおむね動いています。一部が遅いか、正しくありません({ $when } 現在)。
status-answer-partial = すべてではありません。一部の方に障害が出ています({ $when } 現在)。
status-answer-major = いいえ。全員に障害が出ています({ $when } 現在)。
status-component = 部分
status-components = システムの各部分
status-state = 状態
status-none = まだ部分が登録されていません
status-none-text = システムについて公表された内容は下に表示されます。
status-incidents = 動いていないもの
status-maintenance = 予定された作業
status-began = 開始
status-ended = 終了
status-from = 開始予定
status-until = 終了予定
status-affects = 影響範囲
status-what = 内容
status-kind = 種類
status-kind-incident = 障害
status-kind-maintenance = 予定された作業
status-lasted = 継続時間
status-impact-operational = 動いています
status-impact-maintenance = 作業中
status-impact-degraded = 遅い、または正しくない
status-impact-partial = 一部で障害
status-impact-major = 障害
status-state-investigating = 原因を調べています
status-state-identified = 原因が分かりました
status-state-monitoring = 修復し、様子を見ています
status-state-resolved = 終了しました
status-state-scheduled = 予定
status-state-in-progress = 実施中
status-state-completed = 完了
status-state-cancelled = 中止
status-said = 公表した内容
status-corrects = { $when } の内容を訂正します。
status-corrected = この内容は誤りでした。{ $when } の訂正をご覧ください。
status-correction = 訂正。
status-follow = 知らせを受け取る
status-follow-question = { $party } からの知らせを受け取る
status-follow-text = ここに何かが公表されるとメールが届きます。はじめに受信したメールで確認していただきます。どのメールにも配信停止のリンクがあり、停止すると宛先は消去されます。
status-follow-email = メールアドレス
status-follow-hint = ほかの目的には使いません。
status-follow-send = 確認メールを送る
status-asked = メールをご確認ください
status-asked-text = 送信できる宛先であれば、メールをお送りしました。その中のリンクを開いて確認してください。
status-confirm-question = { $party } からの知らせを受け取りますか
status-confirm-text = ボタンを押すと宛先が確認されます。
status-confirm-send = はい、受け取ります
status-confirmed = 知らせが届きます
status-confirmed-text = 今後、何かが公表されるたびにメールが届きます。
status-leave-question = { $party } からのメールを停止しますか
status-leave-text = ボタンを押してください。宛先は消去されます。
status-leave-send = 停止する
status-left = メールを停止しました
status-left-text = 宛先は消去されました。
status-link-over = このリンクは使えません
status-link-over-text = すでに使われたか、期限が過ぎています。下で新しいメールを求められます。
status-feed = Atom フィード
status-feed-title = { $party } の稼働状況
status-history = 過去に公表した内容
status-history-question = { $party } で何がありましたか
status-history-answer = { $count ->
    [0] 公表された内容はありません。
   *[other] { $count } 件を新しい順に示します。
}
status-history-none = まだ何も公表されていません
status-history-none-text = 障害と予定された作業はここに表示され、残ります。
status-older = さらに前
status-now = 現在の状況
status-report = 動いていないことを報告する
status-one-answer = { $party }:{ $state }。最後の知らせ:{ $when }。
status-mail-confirm-subject = 確認:{ $party } からの知らせを受け取りますか
status-mail-confirm-text = { $party } の稼働状況ページに何かが公表されたとき、この宛先に知らせるよう求めがありました。
    
    ご自身であれば、次のページを開いてボタンを押してください。リンクは { $days } 日間使えます。
    { $link }
    
    心当たりがなければ、何もしないでください。宛先は消去されます。
status-mail-subject = { $party }:{ $title }({ $state })
status-mail-foot = ページで読む:{ $link }
status-mail-leave = メールを停止する:{ $link }
