#Requires -RunAsAdministrator
<#
.SYNOPSIS
  Stops and removes the Sallyport gateway service; with -Everything also its files, credential and logs.
#>
[CmdletBinding()]
param(
  [string] $Directory = (Join-Path $env:ProgramData 'Sallyport\Gateway'),
  [switch] $Everything
)
$ErrorActionPreference = 'Stop'
$service = 'SallyportGateway'
if (Get-Service -Name $service -ErrorAction SilentlyContinue) {
  Stop-Service -Name $service
  & (Join-Path $Directory "$service.exe") uninstall
  if ($LASTEXITCODE -ne 0) { throw "WinSW could not remove the service (exit code $LASTEXITCODE)." }
}
if ($Everything -and (Test-Path -LiteralPath $Directory)) { Remove-Item -LiteralPath $Directory -Recurse -Force }
