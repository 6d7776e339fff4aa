## 報告の方法(すべての人へ)

channels-kind-portal = 報告ページ
channels-kind-email = メール
channels-kind-hotline = 電話窓口
channels-kind-chat = チャット
channels-kind-webform = 他のサイトのフォーム
channels-kind-api = プログラム用インターフェース
channels-kind-third-party = 第三者
channels-kind-in-person = 対面
channels-public-question = { $party } に報告するには?
channels-public-answer = { $count ->
    [0] 現在、開いている窓口はありません。
   *[other] 窓口は { $count } つあります。ご都合のよいものをお選びください。どれも同じ担当者に届きます。
}
channels-public-for-both = すべての人
channels-public-for-external = お客様とその他の方
channels-public-for-internal = ここで働く人
channels-public-none = ここで使える窓口はありません
channels-public-none-text = 下の報告ページをご利用ください。いつでも使えます。
channels-public-address = 場所
channels-public-hours = 受付時間
channels-public-languages = 言語
channels-public-your-name = お名前
channels-public-anonymous = 名乗る必要はありません。
channels-public-named = この窓口では、あなたが誰かが分かります。
channels-public-report = ここで報告する
channels-public-text = 同じ内容をテキストで
channels-public-text-hint = 契約書、手引き、社内ページに写して使えます。登録簿から作られるので、窓口が変わったら写し直してください。
channels-public-text-file = テキストとして開く
channels-text-opening = 障害、事故、懸念、苦情は、次のどの窓口からでも { $party } に報告できます。
channels-text-closing = すべての報告に受付番号と回答が届きます。誠意をもって報告した人が不利益を受けることはありません。
