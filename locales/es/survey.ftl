## Una encuesta tal como se contesta

survey-asks = { $party } pregunta. Se admiten respuestas hasta { $until }.
survey-anonymous = Nadie sabe quién es usted
survey-anonymous-text = Sus respuestas se guardan sin nombre, dirección ni hora, y nadie las lee antes del cierre. No se muestran cifras de menos de cinco personas. Lo que escriba con sus palabras puede delatarle: no escriba nombres.
survey-named = Sus respuestas se ven con su dirección
survey-named-text = Quien pregunta ve lo que usted respondió.
survey-segment = ¿A cuál de estos grupos pertenece?
survey-segment-hint = Déjelo en blanco si prefiere no decirlo.
survey-agree-1 = En absoluto
survey-agree-2 = Más bien no
survey-agree-3 = En parte
survey-agree-4 = En su mayor parte
survey-agree-5 = Del todo
survey-answer-yes = Sí
survey-answer-no = No
survey-send = Enviar mis respuestas
survey-thanks = Gracias
survey-thanks-text = Sus respuestas han llegado. Puede cerrar esta página.
survey-used = Esta invitación ya se contestó
survey-used-text = Cuenta la primera respuesta. Gracias.
survey-over = Esta encuesta ya no se puede contestar
survey-over-text = Está cerrada, o el enlace no está completo.
survey-mail-subject = { $party } pregunta: { $title }
survey-mail-text = { $intro }
    
    { $promise }
    
    Responda antes de { $until }:
    { $link }
survey-mail-anonymous = Nadie sabe quién respondió qué: el enlace deja responder una vez a una persona y se guarda aparte de la respuesta.
survey-mail-named = Sus respuestas se ven con su dirección.
