## Cómo informar, para todo el mundo

channels-kind-portal = Página de avisos
channels-kind-email = Correo electrónico
channels-kind-hotline = Línea telefónica
channels-kind-chat = Chat
channels-kind-webform = Formulario en otro sitio
channels-kind-api = Interfaz para programas
channels-kind-third-party = Terceros
channels-kind-in-person = En persona
channels-public-question = ¿Cómo puede informar a { $party }?
channels-public-answer = { $count ->
    [0] Por ahora no hay ninguna vía abierta.
    [one] Hay una vía. Úsela para fallos, incidentes, inquietudes y quejas.
   *[other] Hay { $count } vías. Elija la que le convenga; todas llegan a las mismas personas.
}
channels-public-for-both = Todo el mundo
channels-public-for-external = Clientes y otros
channels-public-for-internal = Quienes trabajan aquí
channels-public-none = Aquí no hay ninguna vía abierta para usted
channels-public-none-text = Use la página de avisos de abajo; siempre está ahí.
channels-public-address = Dónde
channels-public-hours = Horario
channels-public-languages = Idiomas
channels-public-your-name = Su nombre
channels-public-anonymous = No tiene que darlo.
channels-public-named = Esta vía muestra quién es usted.
channels-public-report = Informar aquí
channels-public-text = Lo mismo como texto sin formato
channels-public-text-hint = Para copiarlo en un contrato, un manual o una página de intranet. Se genera a partir del registro; cópielo de nuevo cuando cambie una vía.
channels-public-text-file = Abrir como texto
channels-text-opening = Puede comunicar fallos, incidentes, inquietudes y quejas a { $party } por cualquiera de estas vías:
channels-text-closing = Cada aviso recibe un número de seguimiento y una respuesta. Nadie que avise de buena fe sufre perjuicio por ello.
