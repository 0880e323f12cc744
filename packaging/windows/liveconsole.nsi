; Per-user installer, no administrator needed; after the bundle is in dist/LiveConsole:
; the version comes from installer.sh, which reads it where it stands:
;   sh packaging/windows/installer.sh      or      makensis -WX -DVERSION=X.Y.Z packaging/windows/liveconsole.nsi
; -DBUNDLE= and -DOUT= name other places, as the tests do.
Unicode true
!include "MUI2.nsh"
!include "FileFunc.nsh"
!ifndef VERSION
  !error "say -DVERSION=x.y.z"
!endif
!ifndef BUNDLE
  !define BUNDLE "..\..\dist\LiveConsole"
!endif
!ifndef OUT
  !define OUT "..\..\dist\LiveConsole-${VERSION}-win64.exe"
!endif
!define PUBLISHER "The LiveConsole maintainers"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\LiveConsole"
!define DATA "$LOCALAPPDATA\LiveConsole"

Name "LiveConsole"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\LiveConsole"
InstallDirRegKey HKCU "Software\LiveConsole" "InstallDir"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true
BrandingText "LiveConsole ${VERSION}"

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=0 "ProductName" "LiveConsole"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileDescription" "Installs LiveConsole"
VIAddVersionKey /LANG=0 "CompanyName" "${PUBLISHER}"
VIAddVersionKey /LANG=0 "LegalCopyright" "MIT licence"
VIFileVersion "${VERSION}.0"

!define MUI_ICON "app.ico"
!define MUI_UNICON "app.ico"
!define MUI_ABORTWARNING
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\liveconsole-desk.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "English"

LangString STILL_RUNNING ${LANG_SIMPCHINESE} "LiveConsole 还在运行，不能在直播或排练时换掉它。请先下播、关闭所有窗口，再点重试。没有人看着的引擎会在十分钟内自己结束。"
LangString STILL_RUNNING ${LANG_ENGLISH} "LiveConsole is running, and is not replaced under a broadcast or rehearsal. End it, close every window, then retry. An engine that nobody watches ends by itself within ten minutes."
LangString PROGRAM ${LANG_SIMPCHINESE} "程序"
LangString PROGRAM ${LANG_ENGLISH} "The program"
LangString ROOMS ${LANG_SIMPCHINESE} "直播间的数据（不能恢复）"
LangString ROOMS ${LANG_ENGLISH} "The rooms' data (for good)"
LangString SURE ${LANG_SIMPCHINESE} "要把 ${DATA} 里的直播间、订单、复盘和密钥全部删掉吗？没有备份就再也打不开了。"
LangString SURE ${LANG_ENGLISH} "Delete the rooms, orders, reports and keys in ${DATA}? Without a backup nothing opens them again."

; A running program cannot be opened for writing: neither the engine nor the desk is ever replaced or removed
; while it runs. Without a person to ask (/S) the answer is to leave everything as it is, with code 3.
!macro AskToClose un
Function ${un}AskToClose
  again:
  ClearErrors
  StrCpy $1 "liveconsole.exe"
  IfFileExists "$INSTDIR\$1" 0 desk
  FileOpen $0 "$INSTDIR\$1" a
  IfErrors running
  FileClose $0
  desk:
  StrCpy $1 "liveconsole-desk.exe"
  IfFileExists "$INSTDIR\$1" 0 free
  FileOpen $0 "$INSTDIR\$1" a
  IfErrors running
  FileClose $0
  Goto free
  running:
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(STILL_RUNNING)" /SD IDCANCEL IDRETRY again
  SetErrorLevel 3
  Quit
  free:
FunctionEnd
!macroend
!insertmacro AskToClose ""
!insertmacro AskToClose "un."

Section "-program"
  Call AskToClose
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\_internal"
  File /r "${BUNDLE}\*.*"
  CreateShortcut "$SMPROGRAMS\LiveConsole.lnk" "$INSTDIR\liveconsole-desk.exe"
  WriteRegStr HKCU "Software\LiveConsole" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "DisplayName" "LiveConsole"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\liveconsole-desk.exe"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" "$0"
  WriteUninstaller "$INSTDIR\uninstall.exe"
SectionEnd

Section "un.$(PROGRAM)" UN_PROGRAM
  SectionIn RO
  Call un.AskToClose
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\liveconsole.exe"
  Delete "$INSTDIR\liveconsole-desk.exe"
  Delete "$INSTDIR\THIRD-PARTY-NOTICES.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\LiveConsole.lnk"
  DeleteRegKey HKCU "${KEY}"
  DeleteRegKey HKCU "Software\LiveConsole"
SectionEnd

; Rooms stay unless somebody ticks this and says it once more; never without a person.
Section /o "un.$(ROOMS)" UN_ROOMS
  MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(SURE)" /SD IDNO IDNO kept
  RMDir /r "${DATA}"
  kept:
SectionEnd
