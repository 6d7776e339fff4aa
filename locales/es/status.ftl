## La página pública de estado, sus correos y su canal

status-question = ¿Funciona todo en { $party }?
status-answer-operational = Sí. Todo funciona, a { $when }.
status-answer-maintenance = Sí, salvo trabajos previstos que están en curso, a { $when }.
status-answer-degraded = En lo esencial. Algo va lento o no del todo bien, a { $when }.
status-answer-partial = No todo. Algo falla para algunos de ustedes, a { $when }.
status-answer-major = No. Algo falla para todos, a { $when }.
status-component = Parte
status-components = Partes del sistema
status-state = Estado
status-none = Aún no hay ninguna parte en la lista
status-none-text = Lo que se publique sobre el sistema aparece abajo.
status-incidents = Lo que no funciona
status-maintenance = Trabajos previstos
status-began = Comenzó
status-ended = Terminó
status-from = Desde
status-until = Hasta
status-affects = Afecta a
status-what = Qué
status-kind = Clase
status-kind-incident = Incidente
status-kind-maintenance = Trabajos previstos
status-lasted = Duró
status-impact-operational = Funciona
status-impact-maintenance = En obras
status-impact-degraded = Lento o no del todo bien
status-impact-partial = Falla en parte
status-impact-major = Falla
status-state-investigating = Se busca la causa
status-state-identified = Se conoce la causa
status-state-monitoring = Reparado y en observación
status-state-resolved = Terminado
status-state-scheduled = Previsto
status-state-in-progress = En curso
status-state-completed = Hecho
status-state-cancelled = No se realiza
status-said = Lo que se dijo
status-corrects = Esto corrige lo dicho el { $when }.
status-corrected = Esto era erróneo. Véase la corrección del { $when }.
status-correction = Corrección.
status-follow = Recibir avisos
status-follow-question = Recibir avisos de { $party }
status-follow-text = Recibe un correo cuando se publica algo aquí. Primero lo confirma desde su buzón, y cada correo lleva un enlace para darse de baja. Entonces se olvida su dirección.
status-follow-email = Su dirección de correo
status-follow-hint = No se usa para nada más.
status-follow-send = Enviarme un correo para confirmar
status-asked = Mire en su buzón
status-asked-text = Si se puede escribir a la dirección, hay un correo en camino. Abra el enlace que contiene para confirmar.
status-confirm-question = ¿Quiere recibir avisos de { $party }?
status-confirm-text = Pulse el botón para confirmar su dirección.
status-confirm-send = Sí, avisarme
status-confirmed = Recibirá avisos
status-confirmed-text = Desde ahora recibe un correo cada vez que se publica algo.
status-leave-question = ¿No quiere más correos de { $party }?
status-leave-text = Pulse el botón. Entonces se olvida su dirección.
status-leave-send = No más correos
status-left = Ya no recibe correos
status-left-text = Se olvidó su dirección.
status-link-over = Este enlace ya no sirve
status-link-over-text = Ya se usó o ha caducado. Abajo puede pedir un correo nuevo.
status-feed = Canal Atom
status-feed-title = Estado de { $party }
status-history = Lo publicado antes
status-history-question = ¿Qué ha pasado en { $party }?
status-history-answer = { $count ->
    [0] No se publicó nada.
    [one] Aquí figura un aviso.
   *[other] Aquí figuran { $count } avisos, los más recientes primero.
}
status-history-none = Aún no se publicó nada
status-history-none-text = Los incidentes y los trabajos previstos aparecen aquí y permanecen.
status-older = Más antiguos
status-now = El estado ahora
status-report = Comunicar que algo no funciona
status-one-answer = { $party }: { $state }. Último aviso: { $when }.
status-mail-confirm-subject = Confirme: ¿quiere recibir avisos de { $party }?
status-mail-confirm-text = Alguien pidió a { $party } que avise a esta dirección cuando se publique algo en su página de estado.
    
    Si fue usted, abra esta página y pulse el botón. El enlace vale { $days } días:
    { $link }
    
    Si no fue usted, no haga nada. Entonces se olvida la dirección.
status-mail-subject = { $party }: { $title } ({ $state })
status-mail-foot = Leer en la página: { $link }
status-mail-leave = No más correos: { $link }
