# Signs programs with the certificate that $env:WINDOWS_CERTIFICATE is (a PFX, base64): sign.ps1 FILE …
# Never run by its authors, who have no Windows: docs/releasing.md.
$ErrorActionPreference = "Stop"
if ($args.Count -eq 0) { throw "sign.ps1: no file is named" }
$pfx = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
try {
    [IO.File]::WriteAllBytes($pfx, [Convert]::FromBase64String($env:WINDOWS_CERTIFICATE))
    $kits = "${env:ProgramFiles(x86)}\Windows Kits\10\bin\*\x64\signtool.exe"
    $tool = (Get-Item $kits | Sort-Object FullName | Select-Object -Last 1).FullName
    & $tool sign /f $pfx /p $env:WINDOWS_CERTIFICATE_PASSWORD /fd sha256 /tr http://timestamp.digicert.com /td sha256 @args
    if ($LASTEXITCODE -ne 0) { throw "sign.ps1: signtool ended with $LASTEXITCODE" }
}
finally {
    Remove-Item -Force -ErrorAction SilentlyContinue $pfx
}
