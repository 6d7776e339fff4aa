## O que lê quem comunica algo

cases-kind-failure = Falha
cases-kind-failure-hint = Algo não funcionou como foi prometido.
cases-kind-incident = Incidente
cases-kind-incident-hint = Algo prejudicou, ou poderia ter prejudicado, a segurança, a disponibilidade ou a confidencialidade.
cases-kind-concern = Preocupação
cases-kind-concern-hint = Algo parece errado e ainda não falhou.
cases-kind-complaint = Reclamação
cases-kind-complaint-hint = Não está satisfeito com a forma como algo foi feito.
cases-state-new = Novo
cases-state-acknowledged = Confirmado
cases-state-in-progress = Em andamento
cases-state-awaiting-reporter = Aguarda quem comunicou
cases-state-awaiting-vendor = Aguarda um fornecedor
cases-state-awaiting-internal = Aguarda algo interno
cases-state-resolved = Resolvido
cases-state-closed = Encerrado
cases-state-withdrawn = Retirado
cases-number = Número de acompanhamento
cases-code = Código de retorno
cases-code-hint = Foi mostrado uma única vez, depois do envio. Maiúsculas, espaços e hífenes não importam.
cases-reported = Comunicado
cases-messages = Mensagens com quem comunicou
cases-report-question = O que quer comunicar a { $party }?
cases-report-answer = Não precisa de conta. Basta o que aconteceu, em poucas palavras e por extenso; o resto pode ficar vazio.
cases-report-follow = Já comunicou algo? Veja em que ponto está
cases-report-kind = De que se trata?
cases-report-title = Em poucas palavras
cases-report-description = O que aconteceu?
cases-report-occurred = Quando aconteceu (UTC)? Opcional
cases-report-occurred-hint = Data e hora em UTC; deixe vazio se não souber.
cases-report-occurred-wrong = Escreva data e hora como 2026-03-09T16:30, em UTC, ou deixe vazio.
cases-report-occurred-future = Isto fica no futuro. Quando aconteceu?
cases-report-contact = Como podemos contactá-lo? Opcional
cases-report-contact-hint = Um nome, um endereço de correio ou um telefone. Deixe vazio se comunicar anonimamente; ainda assim poderá ler aqui as respostas.
cases-report-kind-choose = Escolha o que comunica.
cases-report-about = A quem diz respeito? Opcional
cases-report-about-hint = Nomes de pessoas. Quem for nomeado aqui não lê esta comunicação nem é consultado sobre ela.
cases-report-files = Ficheiros
cases-report-files-hint = Até { $count } ficheiros de no máximo { $size } cada. Programas e páginas web não são aceites. As imagens são passadas em cópia, sem lugar, hora nem aparelho; o original fica selado. Dos outros ficheiros esses vestígios não podem ser retirados.
cases-report-files-again = Escolha os seus ficheiros de novo: um formulário que volta não os pode guardar.
cases-report-privacy = Quem pode saber que foi você?
cases-report-privacy-choose = Escolha quem pode saber que foi você.
cases-privacy-open = Quem trabalhar no caso
cases-privacy-open-hint = O que escrever é lido pelas pessoas que trabalham no caso e pode ser lido pelo auditor da organização.
cases-privacy-confidential = Apenas quem abrir a comunicação
cases-privacy-confidential-hint = O que escrever fica trancado. Só o podem abrir as pessoas encarregadas de comunicações confidenciais, cada abertura fica registada e o auditor não o pode fazer.
cases-privacy-anonymous = Ninguém: fico anónimo
cases-privacy-anonymous-hint = Também trancado. Não se guarda nome, endereço, aparelho nem hora exata. Não escreva nada que mostre quem é.
cases-report-contact-anonymous = Escolheu ficar anónimo, por isso nada sobre si é guardado. Esvazie este campo ou escolha acima ser conhecido.
cases-report-again = Já foi registada uma comunicação a partir deste formulário. Se enviar de novo, o que vê aqui será registado como outra comunicação.
cases-draft-keep = Guardar o que escrevo neste aparelho até enviar
cases-draft-keep-hint = Assinale isto apenas num aparelho que seja só seu. Sem isso, o rascunho dura tanto quanto este separador.
cases-draft-restored = O que tinha escrito está aqui outra vez.
cases-file-refused = Nem todos os ficheiros foram aceites. A sua comunicação ficou registada mesmo assim
cases-file-runs = { $name }: programas, scripts e páginas web não são aceites. Envie antes uma imagem, um PDF ou um texto.
cases-file-large = { $name }: é maior do que { $size }. Envie em partes.
cases-file-many = { $name }: eram ficheiros a mais de uma vez. Acrescente-o na página da sua comunicação.
cases-file-taken = { $count ->
    [one] Um ficheiro foi aceite e selado.
   *[other] { $count } ficheiros foram aceites e selados.
}
cases-file-unstripped = { $count ->
    [one] De um deles não foi possível retirar vestígios como o autor ou a hora da criação.
   *[other] De { $count } deles não foi possível retirar vestígios como o autor ou a hora da criação.
}
cases-report-code-title = Receberá um código de retorno
cases-report-code-before = Depois do envio, esta página mostra um número de acompanhamento e um código de retorno. O código de retorno é mostrado uma única vez e não pode ser recuperado, nem por si nem por ninguém: só com ele pode voltar à sua comunicação. Tenha à mão com que o anotar.
cases-report-send = Enviar a comunicação
cases-filed-title = A sua comunicação está registada
cases-filed-answer = { $party } recebeu-a. Anote as duas linhas antes de sair desta página.
cases-filed-once-title = O código de retorno é mostrado uma única vez
cases-filed-once = Não pode ser recuperado, nem por si nem por ninguém. Sem ele, ninguém pode voltar a esta comunicação em seu nome.
cases-filed-next = O que se segue
cases-filed-open = As pessoas que tratam dos casos já a podem ler.
cases-filed-confidential = O que escreveu está trancado. Quem o abrir fica registado.
cases-filed-anonymous = O que escreveu está trancado e nada mostra que veio de si. Quem o abrir fica registado.
cases-filed-next-text = Alguém que trata de casos lê a sua comunicação e decide a sua gravidade. Perguntas e respostas para si aparecem na página que o número de acompanhamento e o código de retorno abrem.
cases-filed-proof = A sua prova
cases-filed-proof-text = O recibo mostra que esta comunicação foi registada, e quando. Qualquer pessoa com a chave pública do registo pode verificá-lo sem nos perguntar.
cases-filed-receipt = Mostrar o recibo
cases-filed-download = Descarregar o recibo
cases-verify-link = Verificar um recibo
cases-verify-question = Este recibo é válido?
cases-verify-answer = O seu navegador verifica-o sozinho; o recibo não é enviado a lado nenhum.
cases-verify-no-script = Esta página precisa de script, porque é o seu navegador que verifica. Sem ele, use o comando “tickmark verify” em qualquer computador.
cases-verify-file = O recibo como ficheiro
cases-verify-text = Ou o seu texto
cases-verify-key = A chave pública do registo, se a tiver de outra fonte
cases-verify-key-hint = Sem ela, usa-se a chave que o próprio recibo nomeia.
cases-verify-do = Verificar
cases-verify-empty = Escolha primeiro um recibo ou cole o seu texto.
cases-verify-unable = Este navegador não consegue verificar assinaturas Ed25519, ou esta página não foi aberta por uma ligação segura. Use um navegador atual ou o comando “tickmark verify”.
cases-verify-good = Verificado. Nada neste recibo foi alterado.
cases-verify-logged = O registo contém a entrada: a prova leva a um estado do registo assinado pela mesma chave.
cases-verify-promised = O registo assinou a entrada; o seu lugar ainda estava por vir quando o recibo foi feito.
cases-verify-as-stated = A chave é a que o próprio recibo nomeia. Compare-a com uma obtida noutro lugar.
cases-verify-bad-key = Não verificado: o recibo nomeia uma chave que não o é.
cases-verify-other-key = Não verificado: o recibo nomeia uma chave diferente da sua.
cases-verify-malformed = Não verificado: o recibo está incompleto ou foi alterado.
cases-verify-bad-signature = Não verificado: a assinatura não corresponde. O recibo foi alterado ou não foi feito por este registo.
cases-verify-bad-proof = Não verificado: a prova não leva da entrada ao estado assinado do registo.
cases-verify-not-a-receipt = Não verificado: isto não é um recibo.
cases-verify-away = Sem nós
cases-verify-away-text = A mesma página num só ficheiro funciona sem este sítio e sem rede. Guarde-a com o seu recibo.
cases-verify-download = Descarregar esta página num ficheiro
cases-follow-question = Em que ponto está a sua comunicação?
cases-follow-answer = Escreva o número de acompanhamento e o código de retorno que recebeu.
cases-follow-look = Mostrar a minha comunicação
cases-follow-unknown = Nenhuma comunicação tem este número de acompanhamento com este código de retorno. Verifique ambos e tente de novo.
cases-follow-more = Quer acrescentar algo?
cases-follow-text = O que quer dizer?
cases-follow-say = Enviar
cases-follow-said = O que escreveu ficou registado com a sua comunicação.
cases-follow-destroyed = O que aqui estava escrito foi destruído no fim da sua conservação. Que houve a comunicação, quando e como terminou continua registado.
cases-follow-none = Ainda não há mensagens
cases-follow-none-text = Perguntas e respostas para si aparecerão aqui.
cases-followed-question = Em que ponto está a comunicação { $number }?
cases-you = Você
cases-they = A organização
cases-told-new = A sua comunicação está registada. Ainda ninguém a confirmou.
cases-told-acknowledged = Alguém leu a sua comunicação e confirmou-a.
cases-told-in-progress = A sua comunicação foi avaliada e está a ser tratada.
cases-told-awaiting-reporter = A organização espera uma resposta sua.
cases-told-awaiting-vendor = O trabalho aguarda outra empresa.
cases-told-awaiting-internal = O trabalho aguarda outra coisa dentro da organização.
cases-told-resolved = O trabalho está feito. Se não estiver, diga-o aqui.
cases-told-closed = O caso está concluído.
cases-told-withdrawn = A comunicação foi retirada.
cases-promised-acknowledge = Confirmação o mais tardar
cases-promised-answer = Resposta o mais tardar
cases-filed-held-title = Recebida, à espera de ser vista
cases-filed-held = Estão a chegar muitas comunicações neste momento. A sua fica guardada; uma pessoa vê-a no prazo de um dia e depois segue como qualquer outra.

## A mail to the reporter

cases-update-subject = A sua comunicação { $number }
cases-update-text = { $text }

    Pode responder a esta mensagem. Ou abra { $link } com o número de acompanhamento { $number } e o código de retorno que recebeu ao comunicar.
cases-update-text-page = { $text }

    Pode responder na página de acompanhamento, com o número de acompanhamento { $number } e o código de retorno que lhe foi mostrado ao comunicar.
