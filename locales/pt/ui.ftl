## A moldura de cada página

skip-to-content = Ir para o conteúdo
band-org = Organização prestadora de serviços
band-firm = Auditor
band-public = Aberto a todos
demonstration = Demonstração com dados fictícios
engagement = Trabalho de auditoria
engagement-none = Escolher um trabalho
search = Pesquisar
search-label = Pesquisar em tudo
palette-open = Ir para
palette-label = Ir para uma página ou pesquisar um número, um nome, uma palavra
close = Fechar
account = Sua conta
theme = Aparência
theme-system = Como o sistema
theme-light = Claro
theme-dark = Escuro
sign-in = Entrar
sign-out = Sair
rooms = Seções
waiting-for-you = { $count ->
    [one] item espera por você
   *[other] itens esperam por você
}
crumbs = Onde você está
tabs = Visões
footer = Cada número pode ser seguido até a sua evidência.
glossary = Glossário
language = Idioma

## Componentes

definition-of = Como se conta: { $what }
traced = Conferido com a sua evidência: { $what }
next-step = Próximo passo
until = até { $when }
late-by = { $span } de atraso
left-in = em { $span }
steps = Passos
step-done = concluído
firm-only = Só para a firma
recorded-at = Registrado
proof-entry = Entrada { $index } do registro
proof-pending = Registrado. O lugar no registro segue em instantes.
timeline-more = Entradas anteriores
progress-queued = Em espera
progress-running = Em andamento
progress-done = Concluído
progress-failed = Interrompido por um erro
progress-cancelled = Cancelado
progress-of = { $done } de { $total }
progress-rate = { $rate } por segundo
progress-remaining = faltam cerca de { $span }
copy = Copiar
copied = Copiado

## Listas

filters-set = Filtros em uso
filter-drop = remover este filtro
saved-filters = Filtros salvos
columns = Colunas
columns-shown = Colunas exibidas
apply = Aplicar
export-csv = CSV
export-xlsx = XLSX
list-empty = Nada corresponde.
choose = Escolher
row-actions = Ações
pages = Páginas: { $what }
pager-shown = { $shown ->
    [one] { $shown } exibido
   *[other] { $shown } exibidos
}
pager-shown-of = { $shown } de { $total } exibidos
pager-first = Primeira página
pager-previous = Página anterior
pager-next = Próxima página

## Formulários

required = (obrigatório)
choose-one = Escolha
cancel = Cancelar
form-faults = { $count ->
    [one] Um ponto precisa da sua atenção
   *[other] { $count } pontos precisam da sua atenção
}
form-kept = Nada foi salvo ainda. O que você escreveu está guardado.
field-required = Preencha “{ $field }”.
field-choose = Escolha um valor para “{ $field }”.
field-too-long = “{ $field }” aceita no máximo { $max } caracteres; há { $length }. Encurte o texto.
field-not-a-choice = Escolha para “{ $field }” um dos valores oferecidos.
field-not-a-number = “{ $field }” pede um número, por exemplo 12 ou 0.5.
field-not-a-date = “{ $field }” pede uma data, por exemplo 2026-03-09.
field-not-a-time = “{ $field }” pede data e hora, por exemplo 2026-03-09T16:30.
field-not-a-mail-address = “{ $field }” pede um endereço como nome@example.com.
field-not-a-web-address = “{ $field }” pede um endereço que comece com https://.

## Gráficos

chart-data = Os números em tabela
ui-example-late = { $cases } em atraso.
