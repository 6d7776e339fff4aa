## 回答する人から見たアンケート

survey-asks = { $party } からの質問です。回答の期限は { $until } です。
survey-anonymous = 回答者が誰かは分かりません
survey-anonymous-text = 回答は名前・宛先・時刻なしで保管され、締め切りまで誰も読みません。5 人未満の数字は表示されません。自由に書いた文章からあなたが分かることがあります。名前は書かないでください。
survey-named = 回答は宛先とともに見られます
survey-named-text = 質問した人は、あなたの回答を見ることができます。
survey-segment = 次のどれに当てはまりますか
survey-segment-hint = 答えたくない場合は空けておいてください。
survey-agree-1 = まったくそう思わない
survey-agree-2 = あまりそう思わない
survey-agree-3 = どちらともいえない
survey-agree-4 = ややそう思う
survey-agree-5 = とてもそう思う
survey-answer-yes = はい
survey-answer-no = いいえ
survey-send = 回答を送る
survey-thanks = ありがとうございました
survey-thanks-text = 回答を受け取りました。このページを閉じてかまいません。
survey-used = この招待にはすでに回答があります
survey-used-text = 最初の回答が有効です。ありがとうございました。
survey-over = このアンケートには回答できません
survey-over-text = 締め切られたか、リンクが不完全です。
survey-mail-subject = { $party } からの質問:{ $title }
survey-mail-text = { $intro }
    
    { $promise }
    
    { $until } までにご回答ください。
    { $link }
survey-mail-anonymous = 誰が何を答えたかは分かりません。リンクは一人が一度だけ回答するためのもので、回答とは別に保管されます。
survey-mail-named = 回答は宛先とともに見られます。
