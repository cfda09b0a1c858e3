#Requires -RunAsAdministrator
#Requires -Version 5.1
<#
.SYNOPSIS
  Installs the Sallyport gateway as a Windows service.
.DESCRIPTION
  Copies the program, keeps the credential in a file that only the service and administrators can read, and registers
  a service through WinSW (https://github.com/winsw/winsw), which turns a service's stop into Ctrl-C, so that the
  gateway drains. Put WinSW-x64.exe beside this script, or name it with -WinSW.
.EXAMPLE
  .\install-service.ps1 -ServerUrl https://sallyport.example -CredentialFile .\credential.txt
#>
[CmdletBinding()]
param(
  [Parameter(Mandatory)] [string] $ServerUrl,
  [Parameter(Mandatory)] [string] $CredentialFile,
  [string] $Program = (Join-Path $PSScriptRoot 'sallyport-gateway.mjs'),
  [string] $WinSW = (Join-Path $PSScriptRoot 'WinSW-x64.exe'),
  [string] $Node = (Get-Command node.exe -ErrorAction SilentlyContinue).Source,
  [string] $LimitsFile,
  [string] $CaFile,
  [string] $HttpsProxy,
  [string] $Directory = (Join-Path $env:ProgramData 'Sallyport\Gateway')
)
$ErrorActionPreference = 'Stop'
$service = 'SallyportGateway'

foreach ($needed in $Program, $WinSW, $CredentialFile) {
  if (-not (Test-Path -LiteralPath $needed)) { throw "File not found: $needed" }
}
if (-not $Node) { throw 'node.exe was not found. Install Node.js 24 or name it with -Node.' }
$major = [int]((& $Node --version) -replace '^v(\d+)\..*$', '$1')
if ($major -lt 24) { throw "Node.js 24 or newer is needed, found $major." }
if (Get-Service -Name $service -ErrorAction SilentlyContinue) {
  throw "The service $service exists already. Run uninstall-service.ps1 first."
}

New-Item -ItemType Directory -Force -Path $Directory | Out-Null
# Administrators, the system and the service's own account; nobody inherits anything else.
$acl = New-Object System.Security.AccessControl.DirectorySecurity
$acl.SetAccessRuleProtection($true, $false)
foreach ($grant in @(@('BUILTIN\Administrators', 'FullControl'), @('NT AUTHORITY\SYSTEM', 'FullControl'),
    @('NT AUTHORITY\LOCAL SERVICE', 'ReadAndExecute'))) {
  $acl.AddAccessRule((New-Object System.Security.AccessControl.FileSystemAccessRule(
        $grant[0], $grant[1], 'ContainerInherit,ObjectInherit', 'None', 'Allow')))
}
Set-Acl -LiteralPath $Directory -AclObject $acl
New-Item -ItemType Directory -Force -Path (Join-Path $Directory 'log') | Out-Null
& icacls.exe (Join-Path $Directory 'log') /grant '*S-1-5-19:(OI)(CI)M' /Q | Out-Null

Copy-Item -LiteralPath $Program -Destination (Join-Path $Directory 'sallyport-gateway.mjs') -Force
Copy-Item -LiteralPath $WinSW -Destination (Join-Path $Directory "$service.exe") -Force
Copy-Item -LiteralPath $CredentialFile -Destination (Join-Path $Directory 'credential') -Force
$variables = [ordered]@{
  SALLYPORT_SERVER_URL              = $ServerUrl
  SALLYPORT_GATEWAY_CREDENTIAL_FILE = (Join-Path $Directory 'credential')
  SALLYPORT_LOG_FORMAT              = 'json'
}
if ($LimitsFile) {
  Copy-Item -LiteralPath $LimitsFile -Destination (Join-Path $Directory 'limits.json') -Force
  $variables.SALLYPORT_GATEWAY_LIMITS = Join-Path $Directory 'limits.json'
}
if ($CaFile) {
  Copy-Item -LiteralPath $CaFile -Destination (Join-Path $Directory 'ca.pem') -Force
  $variables.SALLYPORT_CA_FILE = Join-Path $Directory 'ca.pem'
}
if ($HttpsProxy) { $variables.HTTPS_PROXY = $HttpsProxy }

$escape = { param($text) [System.Security.SecurityElement]::Escape($text) }
$environment = ($variables.GetEnumerator() | ForEach-Object {
    '  <env name="{0}" value="{1}"/>' -f $_.Key, (& $escape $_.Value)
  }) -join "`r`n"
@"
<service>
  <id>$service</id>
  <name>Sallyport LDAP gateway</name>
  <description>Connects this network's directory to a Sallyport server. Opens no port.</description>
  <executable>$(& $escape $Node)</executable>
  <arguments>--max-semi-space-size=4 "$(& $escape (Join-Path $Directory 'sallyport-gateway.mjs'))"</arguments>
$environment
  <serviceaccount>
    <username>NT AUTHORITY\LocalService</username>
  </serviceaccount>
  <startmode>Automatic</startmode>
  <delayedAutoStart>true</delayedAutoStart>
  <stoptimeout>35 sec</stoptimeout>
  <onfailure action="restart" delay="5 sec"/>
  <onfailure action="restart" delay="60 sec"/>
  <onfailure action="restart" delay="5 min"/>
  <logpath>$(& $escape (Join-Path $Directory 'log'))</logpath>
  <log mode="roll-by-size">
    <sizeThreshold>10240</sizeThreshold>
    <keepFiles>8</keepFiles>
  </log>
</service>
"@ | Set-Content -LiteralPath (Join-Path $Directory "$service.xml") -Encoding UTF8

& (Join-Path $Directory "$service.exe") install
if ($LASTEXITCODE -ne 0) { throw "WinSW could not install the service (exit code $LASTEXITCODE)." }
Start-Service -Name $service
Get-Service -Name $service
Write-Output "Installed below $Directory. The log is in $(Join-Path $Directory 'log'). Delete your copy of the credential file now."
