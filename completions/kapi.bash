# bash completion for kapi (bash 4.2 or later), with or without bash-completion. Made by: kapi completion bash

_kapi() {
  local program=$1 line=${COMP_LINE:0:COMP_POINT} option
  # For bash an alias is a word like others.
  if [[ -n ${BASH_ALIASES[$1]-} && $line == "$1"* ]]; then
    line="${BASH_ALIASES[$1]}${line:${#1}}"
    program=${BASH_ALIASES[$1]%% *}
  fi
  if [[ $program == '~/'* ]]; then program=$HOME/${program:2}; fi
  if [[ -z $(type -P -- "$program") ]]; then program=kapi; fi
  mapfile -t COMPREPLY < <(
    "$program" __complete bash "$line" "$COMP_WORDBREAKS" "$COMP_TYPE" "${COLUMNS:-80}" 2>/dev/null
  )
  # The first line has options of compopt.
  local -a options
  read -ra options <<<"${COMPREPLY[0]-}"
  COMPREPLY=("${COMPREPLY[@]:1}")
  for option in "${options[@]}"; do compopt -o "$option" 2>/dev/null; done
}

complete -F _kapi kapi
