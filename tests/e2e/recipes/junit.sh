mkfifo ready
fakeproviders serve --json --port-base 0 > ready &
trap "kill $!" EXIT
read -r addresses < ready
export FAKEPROVIDERS_CONTROL=$(echo "$addresses" | sed 's/.*"control": *"\([^"]*\)".*/\1/')

node --test --test-reporter=junit --test-reporter-destination=node.xml suite.mjs
pytest --junitxml=pytest.xml --fakeproviders-url="$FAKEPROVIDERS_CONTROL"
