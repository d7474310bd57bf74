// The completion scripts of the shells. They pass the line to `kapi __complete` and use its output;
// they contain no commands. Entry point: scriptOf(). completions/ contains the same texts (npm run
// generate:completions).

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** File name of each script in completions/. */
export const scriptFiles: Readonly<Record<Shell, string>> = {
  bash: 'kapi.bash',
  zsh: '_kapi',
  fish: 'kapi.fish',
  powershell: 'kapi.ps1',
};

/** Returns the script of a shell. */
export function scriptOf(shell: Shell): string {
  return scripts[shell];
}

/**
 * Evaluates nothing of the line: passes it unchanged to kapi, which removes its quotes and quotes
 * the answer. Waits only for the output, not for the end of the process.
 */
const bash = `# bash completion for kapi (bash 4.2 or later), with or without bash-completion. Made by: kapi completion bash

_kapi() {
  local program=$1 line=\${COMP_LINE:0:COMP_POINT} option
  # For bash an alias is a word like others.
  if [[ -n \${BASH_ALIASES[$1]-} && $line == "$1"* ]]; then
    line="\${BASH_ALIASES[$1]}\${line:\${#1}}"
    program=\${BASH_ALIASES[$1]%% *}
  fi
  if [[ $program == '~/'* ]]; then program=$HOME/\${program:2}; fi
  if [[ -z $(type -P -- "$program") ]]; then program=kapi; fi
  mapfile -t COMPREPLY < <(
    "$program" __complete bash "$line" "$COMP_WORDBREAKS" "$COMP_TYPE" "\${COLUMNS:-80}" 2>/dev/null
  )
  # The first line has options of compopt.
  local -a options
  read -ra options <<<"\${COMPREPLY[0]-}"
  COMPREPLY=("\${COMPREPLY[@]:1}")
  for option in "\${options[@]}"; do compopt -o "$option" 2>/dev/null; done
}

complete -F _kapi kapi
`;

const zsh = `#compdef kapi
# zsh completion for kapi. Made by: kapi completion zsh

_kapi() {
  local program=\${(Q)words[1]} line part
  local -a given lines closed closed_shown open open_shown
  program=\${program/#\\~\\//$HOME/}
  [[ -n $(whence -p -- $program) ]] || program=kapi
  (( CURRENT > 2 )) && given=("\${(@Q)words[2,CURRENT-1]}")
  lines=("\${(@f)$("$program" __complete zsh "\${given[@]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  # The first line has what zsh completes itself, and after how many characters.
  part=\${lines[1]}
  for line in "\${lines[@]:1}"; do
    case $line in
      +*) closed+=("\${\${line#+}%%$'\\t'*}") closed_shown+=("\${line#*$'\\t'}") ;;
      -*) open+=("\${\${line#-}%%$'\\t'*}") open_shown+=("\${line#*$'\\t'}") ;;
    esac
  done
  if [[ -n $part ]]; then
    local -i before=\${part#* }
    IPREFIX+=\${PREFIX[1,before]}
    PREFIX=\${PREFIX[before+1,-1]}
    if [[ $part == directories* ]]; then _files -/; else _files; fi
    return
  fi
  local -i found=1
  (( $#open )) && compadd -V kapi -l -S '' -d open_shown -a open && found=0
  (( $#closed )) && compadd -V kapi -l -d closed_shown -a closed && found=0
  return found
}

if [[ $funcstack[1] == _kapi ]]; then _kapi "$@"; else compdef _kapi kapi; fi
`;

const fish = `# fish completion for kapi. Made by: kapi completion fish

function __kapi_complete
    # fish 4 has -x; before it -o did the same.
    set -l words (commandline -xpc 2>/dev/null; or commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~/' $HOME/ -- $words[1])
    command -q -- $program; or functions -q -- $program; or set program kapi
    set -l lines ($program __complete fish $words[2..-1] $current 2>/dev/null)
    # The first line has what fish completes itself, and after how many characters.
    set -l part (string split ' ' -- $lines[1])
    if test -n "$part[1]"
        set -l prefix (string sub -l $part[2] -- $current)
        set -l path (string sub -s (math $part[2] + 1) -- $current)
        if test $part[1] = directories
            set lines (__fish_complete_directories $path '')
        else
            set lines (__fish_complete_path $path)
        end
        test (count $lines) -gt 0; and printf '%s\\n' $prefix$lines
        return
    end
    printf '%s\\n' $lines[2..-1]
end

complete -c kapi -f -k -a '(__kapi_complete)'
`;

const powershell = `# PowerShell completion for kapi. Made by: kapi completion powershell

Register-ArgumentCompleter -Native -CommandName 'kapi' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    # In the environment, because older versions of PowerShell lose quotes and empty words of arguments.
    $length = $cursorPosition - $commandAst.Extent.StartOffset
    $env:KAPI_COMPLETE_LINE = $commandAst.Extent.Text.PadRight($length).Substring(0, $length)
    $program = $commandAst.GetCommandName()
    if (-not (Get-Command -Name $program -CommandType Application -ErrorAction SilentlyContinue)) { $program = 'kapi' }
    $lines = @(& $program __complete powershell 2>$null)
    Remove-Item Env:KAPI_COMPLETE_LINE
    # The first line has what PowerShell completes itself: it does where there is no result.
    if ($lines.Count -gt 0 -and $lines[0] -ne '') { return }
    if ($lines.Count -lt 2) { return '' }
    $lines | Select-Object -Skip 1 | ForEach-Object {
        $text, $shown, $tip = $_.Split([char]9)
        [System.Management.Automation.CompletionResult]::new($text, $shown, 'ParameterValue', $tip)
    }
}
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish, powershell };
