## A página pública de estado, os seus e-mails e o seu feed

status-question = Tudo funciona em { $party }?
status-answer-operational = Sim. Tudo funciona, em { $when }.
status-answer-maintenance = Sim, exceto trabalhos previstos que estão em curso, em { $when }.
status-answer-degraded = No essencial. Algo está lento ou não totalmente certo, em { $when }.
status-answer-partial = Nem tudo. Algo falha para alguns de vocês, em { $when }.
status-answer-major = Não. Algo falha para todos, em { $when }.
status-component = Parte
status-components = Partes do sistema
status-state = Estado
status-none = Ainda não há partes na lista
status-none-text = O que for publicado sobre o sistema aparece abaixo.
status-incidents = O que não funciona
status-maintenance = Trabalhos previstos
status-began = Começou
status-ended = Terminou
status-from = De
status-until = Até
status-affects = Afeta
status-what = O quê
status-kind = Tipo
status-kind-incident = Incidente
status-kind-maintenance = Trabalhos previstos
status-lasted = Durou
status-impact-operational = Funciona
status-impact-maintenance = Em manutenção
status-impact-degraded = Lento ou não totalmente certo
status-impact-partial = Falha em parte
status-impact-major = Falha
status-state-investigating = Procura-se a causa
status-state-identified = A causa é conhecida
status-state-monitoring = Reparado e em observação
status-state-resolved = Terminado
status-state-scheduled = Previsto
status-state-in-progress = Em curso
status-state-completed = Feito
status-state-cancelled = Não se realiza
status-said = O que foi dito
status-corrects = Isto corrige o que foi dito em { $when }.
status-corrected = Isto estava errado. Veja a correção de { $when }.
status-correction = Correção.
status-follow = Receber avisos
status-follow-question = Receber avisos de { $party }
status-follow-text = Recebe um e-mail quando algo é publicado aqui. Primeiro confirma a partir da sua caixa de correio, e cada e-mail tem uma ligação para sair. O seu endereço é então esquecido.
status-follow-email = O seu endereço de e-mail
status-follow-hint = Não serve para mais nada.
status-follow-send = Enviar-me um e-mail para confirmar
status-asked = Veja a sua caixa de correio
status-asked-text = Se for possível escrever para o endereço, há um e-mail a caminho. Abra a ligação que ele contém para confirmar.
status-confirm-question = Quer receber avisos de { $party }?
status-confirm-text = Carregue no botão para confirmar o seu endereço.
status-confirm-send = Sim, avisar-me
status-confirmed = Vai receber avisos
status-confirmed-text = A partir de agora recebe um e-mail sempre que algo é publicado.
status-leave-question = Não quer mais e-mails de { $party }?
status-leave-text = Carregue no botão. O seu endereço é então esquecido.
status-leave-send = Não quero mais e-mails
status-left = Já não recebe e-mails
status-left-text = O seu endereço foi esquecido.
status-link-over = Esta ligação já não funciona
status-link-over-text = Já foi usada ou expirou. Abaixo pode pedir um novo e-mail.
status-feed = Feed Atom
status-feed-title = Estado de { $party }
status-history = O que foi publicado antes
status-history-question = O que aconteceu em { $party }?
status-history-answer = { $count ->
    [0] Nada foi publicado.
    [one] Há um aviso aqui.
   *[other] Há { $count } avisos aqui, os mais recentes primeiro.
}
status-history-none = Ainda nada foi publicado
status-history-none-text = Incidentes e trabalhos previstos aparecem aqui e ficam.
status-older = Mais antigos
status-now = O estado agora
status-report = Comunicar que algo não funciona
status-one-answer = { $party }: { $state }. Último aviso: { $when }.
status-mail-confirm-subject = Confirme: quer receber avisos de { $party }?
status-mail-confirm-text = Alguém pediu a { $party } que avise este endereço quando algo for publicado na sua página de estado.
    
    Se foi você, abra esta página e carregue no botão. A ligação vale { $days } dias:
    { $link }
    
    Se não foi você, não faça nada. O endereço é então esquecido.
status-mail-subject = { $party }: { $title } ({ $state })
status-mail-foot = Ler na página: { $link }
status-mail-leave = Não quero mais e-mails: { $link }
