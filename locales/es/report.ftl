## Lo que lee quien comunica algo

cases-kind-failure = Fallo
cases-kind-failure-hint = Algo no funcionó como se había prometido.
cases-kind-incident = Incidente
cases-kind-incident-hint = Algo dañó, o pudo dañar, la seguridad, la disponibilidad o la confidencialidad.
cases-kind-concern = Preocupación
cases-kind-concern-hint = Algo parece estar mal y aún no ha fallado.
cases-kind-complaint = Queja
cases-kind-complaint-hint = No está satisfecho con cómo se hizo algo.
cases-state-new = Nuevo
cases-state-acknowledged = Confirmado
cases-state-in-progress = En curso
cases-state-awaiting-reporter = Espera a quien lo comunicó
cases-state-awaiting-vendor = Espera a un proveedor
cases-state-awaiting-internal = Espera algo interno
cases-state-resolved = Resuelto
cases-state-closed = Cerrado
cases-state-withdrawn = Retirado
cases-number = Número de seguimiento
cases-code = Código de retorno
cases-code-hint = Se mostró una sola vez, después del envío. No importan las mayúsculas, los espacios ni los guiones.
cases-reported = Comunicado
cases-messages = Mensajes con quien lo comunicó
cases-report-question = ¿Qué quiere comunicar a { $party }?
cases-report-answer = No necesita cuenta. Basta con lo que ocurrió, en pocas palabras y con detalle; lo demás puede dejarlo vacío.
cases-report-follow = ¿Ya comunicó algo? Vea en qué punto está
cases-report-kind = ¿Qué es?
cases-report-title = En pocas palabras
cases-report-description = ¿Qué ocurrió?
cases-report-occurred = ¿Cuándo ocurrió (UTC)? Opcional
cases-report-occurred-hint = Fecha y hora en UTC; déjelo vacío si no lo sabe.
cases-report-occurred-wrong = Escriba fecha y hora como 2026-03-09T16:30, en UTC, o déjelo vacío.
cases-report-occurred-future = Esto está en el futuro. ¿Cuándo ocurrió?
cases-report-contact = ¿Cómo podemos contactarle? Opcional
cases-report-contact-hint = Un nombre, una dirección de correo o un teléfono. Déjelo vacío si comunica de forma anónima; aun así podrá leer aquí las respuestas.
cases-report-kind-choose = Elija qué comunica.
cases-report-about = ¿A quién se refiere? Opcional
cases-report-about-hint = Nombres de personas. Quien figure aquí no lee esta comunicación ni se le pregunta por ella.
cases-report-files = Archivos
cases-report-files-hint = Hasta { $count } archivos de { $size } como máximo cada uno. No se aceptan programas ni páginas web. Las imágenes se entregan en copia, sin lugar, hora ni dispositivo; el original queda sellado. De otros archivos no se pueden quitar esos rastros.
cases-report-files-again = Elija de nuevo sus archivos: un formulario devuelto no puede conservarlos.
cases-report-privacy = ¿Quién puede saber que fue usted?
cases-report-privacy-choose = Elija quién puede saber que fue usted.
cases-privacy-open = Quienes trabajen en ello
cases-privacy-open-hint = Lo que escriba lo leen las personas que trabajen en ello y puede leerlo el auditor de la organización.
cases-privacy-confidential = Solo quien abra la comunicación
cases-privacy-confidential-hint = Lo que escriba queda bajo llave. Solo pueden abrirlo las personas encargadas de comunicaciones confidenciales, cada apertura queda registrada y el auditor no puede.
cases-privacy-anonymous = Nadie: quiero ser anónimo
cases-privacy-anonymous-hint = También bajo llave. No se guarda nombre, dirección, dispositivo ni hora exacta. No escriba nada que muestre quién es.
cases-report-contact-anonymous = Eligió ser anónimo, así que no se guarda nada sobre usted. Vacíe este campo o elija arriba que se le conozca.
cases-report-again = Ya se registró una comunicación desde este formulario. Si envía de nuevo, lo que ve aquí se registrará como otra comunicación.
cases-draft-keep = Guardar lo que escribo en este dispositivo hasta enviarlo
cases-draft-keep-hint = Márquelo solo en un dispositivo que sea únicamente suyo. Sin ello, su borrador dura lo que esta pestaña.
cases-draft-restored = Lo que había escrito vuelve a estar aquí.
cases-file-refused = No se aceptaron todos los archivos. Su comunicación queda registrada igualmente
cases-file-runs = { $name }: no se aceptan programas, scripts ni páginas web. Envíe en su lugar una imagen, un PDF o un texto.
cases-file-large = { $name }: supera { $size }. Envíelo en partes.
cases-file-many = { $name }: eran demasiados archivos a la vez. Añádalo en la página de su comunicación.
cases-file-taken = { $count ->
    [one] Se aceptó y selló un archivo.
   *[other] Se aceptaron y sellaron { $count } archivos.
}
cases-file-unstripped = { $count ->
    [one] De uno de ellos no se pudieron quitar rastros como su autor o la hora de creación.
   *[other] De { $count } de ellos no se pudieron quitar rastros como su autor o la hora de creación.
}
cases-report-code-title = Recibirá un código de retorno
cases-report-code-before = Después del envío, esta página muestra un número de seguimiento y un código de retorno. El código de retorno se muestra una sola vez y no se puede recuperar, ni por usted ni por nadie: solo con él podrá volver a su comunicación. Tenga a mano algo para anotarlo.
cases-report-send = Enviar la comunicación
cases-filed-title = Su comunicación está registrada
cases-filed-answer = { $party } la tiene. Anote ambas líneas antes de dejar esta página.
cases-filed-once-title = El código de retorno se muestra una sola vez
cases-filed-once = No se puede recuperar, ni por usted ni por nadie. Sin él, nadie puede volver a esta comunicación en su nombre.
cases-filed-next = Qué sigue
cases-filed-open = Las personas que tramitan los casos ya pueden leerla.
cases-filed-confidential = Lo que escribió está bajo llave. Queda registrado quien lo abra.
cases-filed-anonymous = Lo que escribió está bajo llave y nada muestra que proviene de usted. Queda registrado quien lo abra.
cases-filed-next-text = Alguien que tramita casos lee su comunicación y decide su gravedad. Las preguntas y respuestas para usted aparecen en la página que abren el número de seguimiento y el código de retorno.
cases-filed-proof = Su prueba
cases-filed-proof-text = El recibo muestra que esta comunicación se registró, y cuándo. Cualquiera con la clave pública del registro puede comprobarlo sin preguntarnos.
cases-filed-receipt = Mostrar el recibo
cases-filed-download = Descargar el recibo
cases-verify-link = Verificar un recibo
cases-verify-question = ¿Es válido este recibo?
cases-verify-answer = Su navegador lo comprueba por sí mismo; el recibo no se envía a ningún sitio.
cases-verify-no-script = Esta página necesita script, porque comprueba su propio navegador. Sin él, use la orden «tickmark verify» en cualquier ordenador.
cases-verify-file = El recibo como archivo
cases-verify-text = O su texto
cases-verify-key = La clave pública del registro, si la tiene de otra fuente
cases-verify-key-hint = Sin ella se usa la clave que nombra el propio recibo.
cases-verify-do = Verificar
cases-verify-empty = Elija primero un recibo o pegue su texto.
cases-verify-unable = Este navegador no puede comprobar firmas Ed25519, o esta página no se abrió por una conexión segura. Use un navegador actual o la orden «tickmark verify».
cases-verify-good = Verificado. Nada en este recibo fue alterado.
cases-verify-logged = El registro contiene el asiento: la prueba lleva a un estado del registro firmado con la misma clave.
cases-verify-promised = El registro firmó el asiento; su lugar estaba aún por venir cuando se hizo el recibo.
cases-verify-as-stated = La clave es la que nombra el propio recibo. Compárela con una obtenida en otro lugar.
cases-verify-bad-key = No verificado: el recibo nombra una clave que no lo es.
cases-verify-other-key = No verificado: el recibo nombra una clave distinta de la suya.
cases-verify-malformed = No verificado: el recibo está incompleto o fue alterado.
cases-verify-bad-signature = No verificado: la firma no corresponde. El recibo fue alterado o no lo hizo este registro.
cases-verify-bad-proof = No verificado: la prueba no lleva del asiento al estado firmado del registro.
cases-verify-not-a-receipt = No verificado: esto no es un recibo.
cases-verify-away = Sin nosotros
cases-verify-away-text = La misma página en un solo archivo funciona sin este sitio y sin red. Guárdela con su recibo.
cases-verify-download = Descargar esta página como un archivo
cases-follow-question = ¿En qué punto está su comunicación?
cases-follow-answer = Escriba el número de seguimiento y el código de retorno que recibió.
cases-follow-look = Mostrar mi comunicación
cases-follow-unknown = Ninguna comunicación tiene este número de seguimiento con este código de retorno. Compruebe ambos e inténtelo de nuevo.
cases-follow-more = ¿Quiere añadir algo?
cases-follow-text = ¿Qué quiere decir?
cases-follow-say = Enviar
cases-follow-said = Lo que escribió queda registrado con su comunicación.
cases-follow-destroyed = Lo que aquí se escribió fue destruido al final de su conservación. Que se comunicó, cuándo y cómo terminó queda registrado.
cases-follow-none = Aún no hay mensajes
cases-follow-none-text = Aquí aparecerán preguntas y respuestas para usted.
cases-followed-question = ¿En qué punto está la comunicación { $number }?
cases-you = Usted
cases-they = La organización
cases-told-new = Su comunicación está registrada. Nadie la ha confirmado todavía.
cases-told-acknowledged = Alguien leyó su comunicación y la confirmó.
cases-told-in-progress = Su comunicación fue valorada y se está trabajando en ella.
cases-told-awaiting-reporter = La organización espera una respuesta suya.
cases-told-awaiting-vendor = El trabajo espera a otra empresa.
cases-told-awaiting-internal = El trabajo espera otra cosa dentro de la organización.
cases-told-resolved = El trabajo está hecho. Si no es así, dígalo aquí.
cases-told-closed = El caso está concluido.
cases-told-withdrawn = La comunicación fue retirada.
cases-promised-acknowledge = Confirmación a más tardar
cases-promised-answer = Respuesta a más tardar
cases-filed-held-title = Recibido y pendiente de una revisión
cases-filed-held = En este momento llegan muchos avisos. El suyo queda guardado; una persona lo mira en el plazo de un día y después sigue su curso como cualquier otro.

## A mail to the reporter

cases-update-subject = Su comunicación { $number }
cases-update-text = { $text }

    Puede responder a este mensaje. O abra { $link } con el número de seguimiento { $number } y el código de retorno que recibió al comunicar.
cases-update-text-page = { $text }

    Puede responder en la página de seguimiento, con el número de seguimiento { $number } y el código de retorno que se le mostró al comunicar.
