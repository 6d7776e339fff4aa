## Como comunicar, para toda a gente

channels-kind-portal = Página de comunicação
channels-kind-email = Correio eletrónico
channels-kind-hotline = Linha telefónica
channels-kind-chat = Chat
channels-kind-webform = Formulário noutro sítio
channels-kind-api = Interface para programas
channels-kind-third-party = Terceiros
channels-kind-in-person = Pessoalmente
channels-public-question = Como pode comunicar algo a { $party }?
channels-public-answer = { $count ->
    [0] De momento não há nenhuma via aberta.
    [one] Há uma via. Use-a para falhas, incidentes, preocupações e reclamações.
   *[other] Há { $count } vias. Escolha a que lhe convier; todas chegam às mesmas pessoas.
}
channels-public-for-both = Toda a gente
channels-public-for-external = Clientes e outros
channels-public-for-internal = Quem trabalha aqui
channels-public-none = Aqui não há nenhuma via aberta para si
channels-public-none-text = Use a página de comunicação abaixo; está sempre disponível.
channels-public-address = Onde
channels-public-hours = Horário
channels-public-languages = Línguas
channels-public-your-name = O seu nome
channels-public-anonymous = Não precisa de o dar.
channels-public-named = Esta via mostra quem é.
channels-public-report = Comunicar aqui
channels-public-text = O mesmo em texto simples
channels-public-text-hint = Para copiar para um contrato, um manual ou uma página de intranet. É feito a partir do registo; copie-o de novo quando uma via mudar.
channels-public-text-file = Abrir como texto
channels-text-opening = Pode comunicar falhas, incidentes, preocupações e reclamações a { $party } por qualquer destas vias:
channels-text-closing = Cada comunicação recebe um número de seguimento e uma resposta. Ninguém que comunique de boa-fé é prejudicado por isso.
