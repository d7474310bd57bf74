# PowerShell completion for kapi. Made by: kapi completion powershell

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
