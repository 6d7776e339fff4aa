## Um inquérito tal como se responde

survey-asks = { $party } pergunta. Aceitam-se respostas até { $until }.
survey-anonymous = Ninguém fica a saber quem é
survey-anonymous-text = As suas respostas são guardadas sem nome, endereço ou hora, e ninguém as lê antes do encerramento. Não se mostram números de menos de cinco pessoas. O que escreve por palavras suas pode denunciá-lo: não escreva nomes.
survey-named = As suas respostas são vistas com o seu endereço
survey-named-text = Quem pergunta vê o que respondeu.
survey-segment = A qual destes grupos pertence?
survey-segment-hint = Deixe em branco se preferir não dizer.
survey-agree-1 = De modo nenhum
survey-agree-2 = Antes não
survey-agree-3 = Em parte
survey-agree-4 = Na maior parte
survey-agree-5 = Totalmente
survey-answer-yes = Sim
survey-answer-no = Não
survey-send = Enviar as minhas respostas
survey-thanks = Obrigado
survey-thanks-text = As suas respostas chegaram. Pode fechar esta página.
survey-used = Este convite já foi respondido
survey-used-text = Conta a primeira resposta. Obrigado.
survey-over = Já não é possível responder a este inquérito
survey-over-text = Está encerrado, ou a ligação não está completa.
survey-mail-subject = { $party } pergunta: { $title }
survey-mail-text = { $intro }
    
    { $promise }
    
    Responda até { $until }:
    { $link }
survey-mail-anonymous = Ninguém fica a saber quem respondeu o quê: a ligação deixa uma pessoa responder uma vez e é guardada à parte da resposta.
survey-mail-named = As suas respostas são vistas com o seu endereço.
