## El marco de cada página

skip-to-content = Ir al contenido
band-org = Organización de servicios
band-firm = Auditor
band-public = Abierto a todos
demonstration = Demostración con datos ficticios
engagement = Encargo
engagement-none = Elegir un encargo
search = Buscar
search-label = Buscar en todo
palette-open = Ir a
palette-label = Ir a una página o buscar un número, un nombre, una palabra
close = Cerrar
account = Su cuenta
theme = Apariencia
theme-system = Como el sistema
theme-light = Claro
theme-dark = Oscuro
sign-in = Iniciar sesión
sign-out = Cerrar sesión
rooms = Secciones
waiting-for-you = { $count ->
    [one] asunto le espera
   *[other] asuntos le esperan
}
crumbs = Dónde está
tabs = Vistas
footer = Cada cifra puede seguirse hasta su evidencia.
glossary = Glosario
language = Idioma

## Componentes

definition-of = Cómo se cuenta: { $what }
traced = Cotejado con su evidencia: { $what }
next-step = Siguiente paso
until = hasta el { $when }
late-by = con { $span } de retraso
left-in = en { $span }
steps = Pasos
step-done = hecho
firm-only = Solo para la firma
recorded-at = Registrado
proof-entry = Entrada { $index } del registro
proof-pending = Registrado. Su lugar en el registro sigue en breve.
timeline-more = Entradas anteriores
progress-queued = En espera
progress-running = En curso
progress-done = Terminado
progress-failed = Detenido por un error
progress-cancelled = Cancelado
progress-of = { $done } de { $total }
progress-rate = { $rate } por segundo
progress-remaining = quedan unos { $span }
copy = Copiar
copied = Copiado

## Listas

filters-set = Filtros en uso
filter-drop = quitar este filtro
saved-filters = Filtros guardados
columns = Columnas
columns-shown = Columnas visibles
apply = Aplicar
export-csv = CSV
export-xlsx = XLSX
list-empty = Nada coincide.
choose = Elegir
row-actions = Acciones
pages = Páginas: { $what }
pager-shown = Se muestran { $shown }
pager-shown-of = Se muestran { $shown } de { $total }
pager-first = Primera página
pager-previous = Página anterior
pager-next = Página siguiente

## Formularios

required = (obligatorio)
choose-one = Elija uno
cancel = Cancelar
form-faults = { $count ->
    [one] Un dato requiere su atención
   *[other] { $count } datos requieren su atención
}
form-kept = Todavía no se ha guardado nada. Lo que escribió se conserva.
field-required = Rellene «{ $field }».
field-choose = Elija un valor para «{ $field }».
field-too-long = «{ $field }» admite como máximo { $max } caracteres; hay { $length }. Acorte el texto.
field-not-a-choice = Elija para «{ $field }» uno de los valores ofrecidos.
field-not-a-number = «{ $field }» requiere un número, por ejemplo 12 o 0.5.
field-not-a-date = «{ $field }» requiere una fecha, por ejemplo 2026-03-09.
field-not-a-time = «{ $field }» requiere fecha y hora, por ejemplo 2026-03-09T16:30.
field-not-a-mail-address = «{ $field }» requiere una dirección como nombre@example.com.
field-not-a-web-address = «{ $field }» requiere una dirección que empiece por https://.

## Gráficos

chart-data = Las cifras en una tabla
ui-example-late = { $cases } con retraso.
