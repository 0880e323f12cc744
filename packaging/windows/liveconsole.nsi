; Per-user installer, no administrator needed:
;   makensis -DVERSION=0.9.0 packaging/windows/liveconsole.nsi      (after pyinstaller; writes into dist/)
Unicode true
!include "MUI2.nsh"
!ifndef VERSION
  !error "say -DVERSION=x.y.z"
!endif
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\LiveConsole"

Name "LiveConsole"
OutFile "..\..\dist\LiveConsole-${VERSION}-win64.exe"
InstallDir "$LOCALAPPDATA\Programs\LiveConsole"
InstallDirRegKey HKCU "Software\LiveConsole" "InstallDir"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true

!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\liveconsole-desk.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "English"

LangString STILL_RUNNING ${LANG_SIMPCHINESE} "LiveConsole 还在运行。请先结束直播并关闭它，再点重试。"
LangString STILL_RUNNING ${LANG_ENGLISH} "LiveConsole is still running. End the broadcast, close it, then retry."

; A running program cannot be opened for writing: never replace the engine under a broadcast.
!macro AskToClose
  again:
  IfFileExists "$INSTDIR\liveconsole.exe" 0 closed
  ClearErrors
  FileOpen $0 "$INSTDIR\liveconsole.exe" a
  IfErrors 0 free
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(STILL_RUNNING)" IDRETRY again
  Abort
  free:
  FileClose $0
  closed:
!macroend

Section
  !insertmacro AskToClose
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\_internal"
  File /r "..\..\dist\LiveConsole\*.*"
  CreateShortcut "$SMPROGRAMS\LiveConsole.lnk" "$INSTDIR\liveconsole-desk.exe"
  WriteRegStr HKCU "Software\LiveConsole" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "DisplayName" "LiveConsole"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\liveconsole-desk.exe"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteUninstaller "$INSTDIR\uninstall.exe"
SectionEnd

; The rooms of the user (in the user-data folder) stay.
Section "un.LiveConsole"
  !insertmacro AskToClose
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\liveconsole.exe"
  Delete "$INSTDIR\liveconsole-desk.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\LiveConsole.lnk"
  DeleteRegKey HKCU "${KEY}"
  DeleteRegKey HKCU "Software\LiveConsole"
SectionEnd
