# fish completion for kapi. Made by: kapi completion fish

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
        test (count $lines) -gt 0; and printf '%s\n' $prefix$lines
        return
    end
    printf '%s\n' $lines[2..-1]
end

complete -c kapi -f -k -a '(__kapi_complete)'
